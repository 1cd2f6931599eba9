import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LIFE } from '../../../smoke/life.ts';
import { parseSmokeOptions } from '../../../smoke/smoke-options.ts';
import { summarize } from '../../../smoke/summary.ts';
import { failures } from '../../../src/domain/failure.ts';
import { codeBlocks, prose, readPage, REPOSITORY } from './markdown.ts';

const page = readPage('docs/first-deployment.md');
const guide = readPage('docs/operations.md');
const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
/** Both pages cite what they use, each command once. */
const citations = `${guide}\n${page}`.replaceAll(/\s+/g, ' ');
const commands = codeBlocks(page, 'bash').join('');

/** What stands in backticks in its sentences and tables, each once. */
const words = new Set(
  [...page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
);

describe('the page of the first deployment', () => {
  test('is linked from the README and the guide', () => {
    expect(readPage('README.md')).toContain('(docs/first-deployment.md)');
    expect(guide).toContain('(first-deployment.md)');
  });

  test('goes forward: each minute is later than the one before, and says what to run, to see, and to do if not', () => {
    const minutes = [...page.matchAll(/^## Minute (\d+): .*\n([\s\S]*?)(?=^## )/gm)];
    const times = minutes.map(([, minute]) => Number(minute));
    expect(times.length).toBeGreaterThan(8);
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
    for (const [, minute, text = ''] of minutes) {
      expect(text, `minute ${minute}`).toContain('**See**');
      expect(text, `minute ${minute}`).toContain('**If not**');
    }
  });

  test('is read at midnight: no sentence has more than 25 words, and most have fewer than 12', () => {
    const lengths = sentences(page).map((sentence) => ({ sentence, count: sentence.split(/\s+/).length }));
    expect(lengths.filter(({ count }) => count > 25).map(({ sentence }) => sentence)).toEqual([]);
    const short = lengths.filter(({ count }) => count < 12);
    expect(short.length / lengths.length).toBeGreaterThan(0.5);
  });

  test.skipIf(process.platform === 'win32')('shows only commands that a shell can read', () => {
    expect(() => execFileSync('bash', ['-n'], { input: commands, stdio: 'pipe' })).not.toThrow();
  });

  test('speaks of minutes that it has', () => {
    const named = [...page.matchAll(/\bminutes? (\d+)\b/gi)].map(([, minute]) => minute);
    expect(named.filter((minute) => !page.includes(`## Minute ${minute}:`) && minute !== '0')).toEqual([]);
  });
});

describe('its commands', () => {
  const azure = [...`${commands}\n${[...words].join('\n')}`.matchAll(/\baz ([a-z][a-z-]*(?: [a-z][a-z-]*)*)/g)];

  test.each([...new Set(azure.map(([, command = '']) => command))])('az %s is one that the guide cites', (command) => {
    const groups = command.split(' ').map((_, index, all) => all.slice(0, all.length - index).join(' '));
    expect(groups.some((group) => citations.includes(`[${group}](https://learn.microsoft.com/cli/azure/`))).toBe(true);
  });

  test('azd knows them, as the guide cites', () => {
    const cited = /\[([^\]]+)\]\(https:\/\/learn\.microsoft\.com\/azure\/developer\/azure-developer-cli\/reference\)/g;
    const known = new Set([...citations.matchAll(cited)].flatMap(([, each = '']) => each.split(', ')));
    const used = [...`${commands}\n${[...words].join('\n')}`.matchAll(/\bazd ((?:env|auth|hooks) [a-z-]+|[a-z]+)/g)];
    expect(new Set(used.map(([, command]) => command).filter((command) => !known.has(command ?? '')))).toEqual(
      new Set(),
    );
  });

  test('register the same providers as the guide', () => {
    const providers = (text: string) => /for namespace in ([^;]+);/.exec(text)?.[1]?.split(/[\s\\]+/);
    expect(providers(page)).toEqual(providers(guide));
    expect(providers(page)?.length).toBeGreaterThan(5);
  });

  test('ask azd for outputs that its template has, and set what it reads', () => {
    const outputs = outputsOf('infra/azd.bicep');
    const parameters = read('infra/azd.parameters.json');
    const asked = [...page.matchAll(/azd env get-value (\w+)/g)].map(([, name = '']) => name);
    const set = [...page.matchAll(/azd env set (\w+)/g)].map(([, name = '']) => name);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((name) => !outputs.includes(name))).toEqual([]);
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !new RegExp(`"\\$\\{${name}[=}]`).test(parameters))).toEqual([]);
  });

  test('ask for the version of azd that the project asks for', () => {
    const required = /^ +azd: '>= ([\d.]+)'$/m.exec(read('azure.yaml'))?.[1] ?? '1.25.0';
    expect(page).toContain(`azd ${required} or later`);
  });

  test('ask a deployment for outputs of main.bicep', () => {
    const outputs = outputsOf('infra/main.bicep');
    const asked = [...commands.matchAll(/properties\.outputs\.(\w+)\.value/g)].map(([, name = '']) => name);
    expect(asked).toEqual(['baseUrl', 'functionAppName']);
    expect(asked.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  test('name the resource groups as the template does', () => {
    expect(read('infra/azd.bicep')).toContain("'rg-${environmentName}'");
    expect(read('infra/main.bicep')).toContain("'${take(resourceGroup().name, 83)}-groups'");
    expect(commands).toContain('azd env new games ');
    expect(
      [...page.matchAll(/\brg-[\w-]+/g)]
        .map(([name]) => name)
        .filter((name) => !['rg-games', 'rg-games-groups'].includes(name)),
    ).toEqual([]);
  });

  test('start the smoke test with options that it takes', () => {
    const [, line = ''] = /npm run smoke -- (.*)/.exec(commands) ?? [];
    const given = line.replaceAll('"$BASE_URL"', 'https://func-aci-abc.azurewebsites.net').split(' ');
    expect(parseSmokeOptions(given, { SMOKE_KEY: 'key' })).toMatchObject({ kind: 'options' });
    const help = JSON.stringify(parseSmokeOptions(['--help'], {}));
    const options = [...words].filter((word) => /^--[a-z]+$/.test(word));
    expect(options).toContain('--image');
    expect(options.filter((option) => !help.includes(option))).toEqual([]);
  });
});

describe('what it says one should see', () => {
  test('are the last lines of the hook', () => {
    const [shown = ''] = codeBlocks(page, 'text');
    const printed = [...read('infra/hooks/postdeploy.sh').matchAll(/^echo "(.*)"$/gm)].map(([, text = '']) =>
      text.replaceAll('\\"', '"'),
    );
    const lines = shown.trim().split('\n');
    expect(lines).toHaveLength(printed.length);
    for (const [index, text] of printed.entries()) {
      expect(lines[index]?.trim().startsWith(text.split('$')[0]?.trim() ?? '')).toBe(true);
    }
  });

  test('is the last line of a smoke test that found all well', () => {
    const walk = { passed: LIFE.length, failed: [], notTried: 0, isInterrupted: false, seconds: {} };
    const parsed = parseSmokeOptions(['http://127.0.0.1:7071'], {});
    const options = parsed.kind === 'options' ? parsed.options : undefined;
    expect(options).toBeDefined();
    if (options === undefined) return;
    const last = summarize({ walk, differences: [], leftBehind: [], seconds: 180 }, options).at(-1);
    expect(codeBlocks(page, 'text')).toContain(`${last}\n`);
    expect(page).toContain(`its ${LIFE.length} steps`);
  });

  test('are steps that the smoke test has, where it names one', () => {
    const names = LIFE.map(({ name }) => name);
    expect(names).toContain('its container reports with its own token');
    expect(page).toContain('*its container reports with its own token*');
    expect(names).toContain('a body in chunks does no harm');
    expect(page).toContain('*a body in chunks does no harm*');
  });

  test('is what the guide says that an instance costs which is kept running', () => {
    expect(page).toContain('about $21 a month');
    expect(guide).toContain('$21 a month');
  });

  test('is the length of a role key: 32 bytes in base64 without padding', () => {
    expect(page).toContain(`\`${Buffer.alloc(32).toString('base64url').length} characters\``);
    expect(read('infra/modules/key-vault.bicep')).toContain('urlSafe: true');
  });

  test('are what health answers, failure codes, parameters and alerts that there are', () => {
    const main = read('infra/main.bicep');
    const known = (word: string) =>
      word in failures ||
      new RegExp(`^(param|output) ${word} `, 'm').test(main) ||
      ['src/triggers/http/health.ts', 'src/triggers/http/register-http.ts'].some((path) =>
        read(path).includes(`'${word}'`),
      ) ||
      ['sweptAt', 'provisionContainerGroup', 'requiredVersions'].includes(word);
    const camel = [...words].filter((word) => /^[a-z]+[A-Z]\w*$/.test(word));
    expect(camel.length).toBeGreaterThan(8);
    expect(camel.filter((word) => !known(word))).toEqual([]);
    for (const [, name = ''] of read('infra/modules/alerts.bicep').matchAll(/^ {4}name: '([a-z-]+)'$/gm)) {
      expect(page).toContain(`*${name}*`);
    }
  });

  test('are deployments and modules that the templates have', () => {
    expect(read('infra/wiring.bicep')).toContain("name: 'function-key-${role.key}'");
    expect(read('infra/main.bicep')).toContain("name: 'app-code'");
    expect(words).toContain('app-code');
    expect(words).toContain('function-key-…');
  });

  test('are the messages of the hook about what is missing', () => {
    for (const message of ['The Azure CLI is needed', 'Sign in with']) {
      expect(read('infra/hooks/postdeploy.sh')).toContain(message);
      expect(page).toContain(`*${message}*`);
    }
  });
});

function outputsOf(template: string): string[] {
  return [...read(template).matchAll(/^output (\w+)/gm)].map(([, name = '']) => name);
}

/** The sentences of its paragraphs and of the cells of its tables. */
function sentences(text: string): string[] {
  return prose(text)
    .replaceAll(/\]\([^)]*\)/g, ']')
    .split(/\n{2,}|^\||(?<=[^\n])\|/m)
    .flatMap((part) => part.replaceAll(/\s+/g, ' ').split(/(?<=[.?:]) /))
    .map((sentence) => sentence.replaceAll(/[*#|]/g, '').trim())
    .filter((sentence) => /[a-z]{2}/.test(sentence));
}
