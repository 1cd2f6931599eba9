import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from './scenario.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/operations.md');

/** Without the ends of its lines, which fall anywhere in a sentence. */
const prose = guide.replaceAll(/\s+/g, ' ');

/** `az group delete` is documented under `group`, `az keyvault recover` under `keyvault`. */
const groups = [...guide.matchAll(/\baz ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)/g)].map(([, command = '']) => command);

describe('the operations guide', () => {
  it.for([...new Set(groups)])('cites the documentation of az %s', (command) => {
    const cited = command
      .split(' ')
      .some((_, index, words) =>
        prose.includes(`[${words.slice(0, words.length - index).join(' ')}](https://learn.microsoft.com/cli/azure/`),
      );
    expect(cited).toBe(true);
  });

  it.for([...new Set([...guide.matchAll(/`azd ([a-z]+(?: [a-z]+)?)/g)].map(([, command = '']) => command))])(
    'cites the documentation of azd %s',
    (command) => {
      const cited = /\[([^\]]+)\]\(https:\/\/learn\.microsoft\.com\/azure\/developer\/azure-developer-cli\/reference\)/;
      expect(cited.exec(prose)?.[1]?.split(', ')).toContain(command);
    },
  );

  it('names parameters and outputs that there are', () => {
    const main = read('infra/main.bicep');
    const named = [...guide.matchAll(/`([a-z]+[A-Z]\w*)(?:=\w+)?`/g)].map(([, name = '']) => name);
    expect(new Set(named)).toContain('privateNetwork');
    const declared = (name: string): boolean => new RegExp(`^(param|output) ${name} `, 'm').test(main);
    expect(named.filter((name) => !declared(name))).toStrictEqual([
      'restartEternalOrchestrations',
      'tagMissing',
      'newerState',
    ]);
  });

  it.skipIf(process.platform === 'win32')('shows only commands that a shell can read', () => {
    const blocks = [...guide.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(10);
    expect(() => execFileSync('bash', ['-n'], { input: blocks.join(''), stdio: 'pipe' })).not.toThrow();
  });

  it('says what the alerts are called', () => {
    for (const [, name] of read('infra/modules/alerts.bicep').matchAll(/^ {4}name: '([a-z-]+)'$/gm)) {
      expect(guide).toContain(`*${name ?? ''}*`);
    }
    expect(guide).toContain('*dead-letters*');
  });

  it('computes what it says that storage requests and private endpoints cost', () => {
    const row = (start: string): string | undefined => guide.split('\n').find((line) => line.startsWith(`| ${start}`));
    const reports = (count: number): string => `$${Math.round(2 + (count * 43_800 * 6 * 0.004) / 10_000)}`;
    expect(row('Storage requests')).toMatch(new RegExp(`\\| \\$2 \\| \\${reports(100)} \\| \\${reports(1_000)} \\|$`));
    const endpoints = resourcesOf('everything', 'Microsoft.Network/privateEndpoints').length;
    const monthly = `$${Math.round(endpoints * (730 * 0.01 + 0.5))}`;
    expect(row('With `privateNetwork`')).toContain(`\`${endpoints} × (`);
    expect(row('With `privateNetwork`')?.split(' | ').slice(1).join(' ')).toBe(`${monthly} ${monthly} ${monthly} |`);
    expect(Math.round((149 * 60 * 730) / 100_000) / 10).toBe(6.5);
    expect(guide).toContain('| 149, or 6.5 million a month |');
  });

  it('computes what it says that groups cost', () => {
    const costOf = (count: number): string => Math.round(count * 730 * (0.0405 + 0.00445)).toLocaleString('en-US');
    expect(guide).toContain(`$${costOf(100)} | $${costOf(1_000)} |`);
  });

  it('computes what it says that telemetry costs', () => {
    const bytesOf = (what: RegExp): number => Number(what.exec(prose)?.[1]?.replaceAll(',', ''));
    const request = bytesOf(/a session report: its request \| ([\d,]+) \|/);
    const spans = bytesOf(/spans of the signal come with it: two rows \| ([\d,]+) \|/);
    const metrics = bytesOf(/metrics, each minute of an instance that runs \| ([\d,]+) \|/);
    const lines = bytesOf(/without the `logging` of our `host.json`: [^|]+ \| ([\d,]+) \|/);
    const dailyGb = (groupCount: number, sampled: number, perReport: number): number =>
      (groupCount * 1_440 * perReport * sampled + 2 * 1_440 * metrics) / 1e9;
    const monthly = dailyGb(100, 1, request + spans) * 30.4;
    expect(prose).toContain(`is ${monthly.toFixed(1)} GB a month, and`);
    expect(prose).toContain(`\`(${monthly.toFixed(1)} − 5) × 2.30\` is $${Math.round((monthly - 5) * 2.3)}. That is`);
    expect(prose).toContain(`${dailyGb(100, 1, request + spans).toFixed(2)} GB a day, under the cap`);
    expect(prose).toContain(`it would be ${dailyGb(100, 1, request + spans + lines).toFixed(2)} GB a day`);
    expect(dailyGb(1_000, 0.1, request + spans)).toBeCloseTo(dailyGb(100, 1, request + spans));
  });
});
