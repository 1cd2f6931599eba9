import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(values.seed);
const startedMs = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`seed ${seed}: repeat with npm run fuzz -- --seed ${seed}`);
const report = await fuzz({ seed, requestCount: Number(values.requests), log: say });
for (const { what, fuzzed, answer } of report.findings) {
  say(`\n${what}\n  ${fuzzed.caller}: ${fuzzed.request.method} ${fuzzed.request.path.slice(0, 300)}`);
  say(
    `  ${JSON.stringify(fuzzed.request.headers).slice(0, 300)}\n  ${String(fuzzed.request.body ?? '').slice(0, 1_500)}`,
  );
  say(`  ${answer.status} ${answer.text.slice(0, 3_000)}`);
}
say(
  `${report.requestCount} requests in ${((performance.now() - startedMs) / 1000).toFixed(0)} s, ${JSON.stringify(report.byStatus)}, ` +
    `${report.comparedCount} refusals compared, heap grew by ${report.heapGrowthMB.toFixed(1)} MB, ${report.findings.length} findings, seed ${seed}`,
);
process.exitCode = report.findings.length === 0 ? 0 : 1;
