import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

/** What chance takes part in: properties, and the app on a backend as unkind as Azure's. */
const PROJECTS = ['--project', 'property', '--project', 'integration*'];

const USAGE = `npm run test:seeds -- COUNT [--from SEED] [-- vitest's own options]
Runs the property and integration tests under COUNT seeds, from SEED (1) on.`;

/** Runs the tests under one seed after the other, and goes on after a failure so that one run tells of all. */
async function run(seeds: readonly number[], options: readonly string[]): Promise<number[]> {
  const failed: number[] = [];
  for (const seed of seeds) {
    process.stdout.write(`\n--- seed ${seed}: TEST_SEED=${seed} repeats it\n`);
    const environment = { ...process.env, TEST_SEED: String(seed) };
    const tests = spawn('vitest', ['run', ...PROJECTS, ...options], { env: environment, stdio: 'inherit' });
    await once(tests, 'exit');
    if (tests.exitCode !== 0) {
      failed.push(seed);
    }
  }
  return failed;
}

function readArguments(): { seeds: number[]; options: string[] } | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { from: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
  });
  const [count = '', ...options] = positionals;
  const isGood = [count, values.from].every((text) => /^[1-9]\d{0,8}$/.test(text));
  return values.help || !isGood
    ? undefined
    : { seeds: Array.from({ length: Number(count) }, (_, index) => Number(values.from) + index), options };
}

const given = readArguments();
if (given === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = process.argv.includes('--help') ? 0 : 2;
} else {
  const failed = await run(given.seeds, given.options);
  const passedCount = given.seeds.length - failed.length;
  process.stdout.write(
    `\n${passedCount} seeds passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}\n`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}
