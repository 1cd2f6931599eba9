import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BUILT_IN_IMAGES } from '../../../local/arm/groups/lifecycle/provisioning-plan.ts';
import { parseCommandLine } from '../../../local/cli/options/parse-command-line.ts';
import { policy } from '../../../src/security/policy.ts';
import { listPages, readPage, REPOSITORY, tableRows } from './markdown.ts';

const pages = listPages().map((page) => [page]);

/** The folders whose files the pages name: those of the repository, and below `src`, which the pages leave out. */
const ROOTS = new Set([
  'src',
  'local',
  'test',
  'docs',
  'lint',
  'infra',
  'bench',
  'scripts',
  'smoke',
  'examples',
  '.ci',
  '.github',
]);
const BELOW_SRC = readdirSync(join(REPOSITORY, 'src'));

/** Images that look like files of `local`. */
const IMAGES = new Set([
  ...Object.values(BUILT_IN_IMAGES),
  ...readdirSync(join(REPOSITORY, 'examples')).map((name) => `local/${name}`),
]);

/** What the project of 2018 has beside. */
const OF_2018 = ['ACIAutoScaler'];

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

/** The pieces of code in a page's sentences, with the ends of lines in them as blanks. */
function inlineCode(page: string): string[] {
  const sentences = readPage(page).replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...sentences.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));
}

/** `a/{b,c}.ts` as the two paths that it stands for, `<version>` and `NAME` as any. */
function pathsOf(code: string): string[] {
  const [all = '', choices = ''] = /\{([^{}]+)\}/.exec(code) ?? [];
  const paths = all === '' ? [code] : choices.split(',').map((choice) => code.replace(all, choice));
  return paths.map((path) => path.replaceAll(/<[^>]+>|\bNAME$/g, '*').replace(/\/$/, ''));
}

describe.each(pages)('%s names only', (page) => {
  test('files and folders that there are', () => {
    const paths = inlineCode(page)
      .filter((code) => /^[\w.<>-]+\/[\w./<>{},-]*$/.test(code))
      .filter((code) => !IMAGES.has(code))
      .flatMap(pathsOf)
      .map((path) => (BELOW_SRC.includes(path.split('/')[0] ?? '') ? `src/${path}` : path))
      .filter((path) => ROOTS.has(path.split('/')[0] ?? ''));
    expect(paths.filter((path) => globSync(path, { cwd: REPOSITORY }).length === 0)).toEqual([]);
  });

  test('npm scripts that there are', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
    const named = [...readPage(page).matchAll(/\bnpm\s+run\s+([a-z][\w:-]*)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => script !== 'script' && !(script in scripts))).toEqual([]);
  });

  test('settings of the app, of the local stack or of azd', () => {
    const known = new Set(
      ['src/config.ts', 'infra/azd.parameters.json', 'infra/azd.bicep', 'local/cli/options/start-options.ts'].flatMap(
        (path) => read(path).match(/\bACI_[A-Z_]+\b/g),
      ),
    );
    const named = readPage(page).match(/\bACI_[A-Z_]*[A-Z]\b/g) ?? [];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('functions of the app', () => {
    const known = new Set([...Object.keys(policy), 'ACIMonitor', ...OF_2018]);
    const named = readPage(page).match(/\bACI(?:[A-Z][a-z]+|GC)\w*\b/g) ?? [];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the options of npm start', () => {
  const told = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/local-host.md'];
  const options = told.flatMap((page) =>
    inlineCode(page)
      .map((code) => code.replace(/^npm start -- /, ''))
      .filter((code) => /^--[a-z-]+( [\w-]+)?$/.test(code)),
  );

  const [bare, withValue] = [false, true].map((has) => options.filter((option) => option.includes(' ') === has));

  test.each([...new Set(withValue)])('take %s, as a page says', (option) => {
    expect(parseCommandLine(option.split(' '), {}, 'start')).toMatchObject({ kind: 'options' });
  });

  test.each([...new Set(bare)])('have %s, as a page says', (option) => {
    expect(JSON.stringify(parseCommandLine(['--help'], {}, 'start'))).toContain(`${option} `);
  });

  test('are told of', () => {
    expect(options).toEqual(expect.arrayContaining(['--auth on', '--platform azure-storage', '--profile fast']));
  });
});

test('the guide for contributors has every project of tests, and no other', () => {
  const projects = [...read('vitest.config.ts').matchAll(/\bname: '([a-z\d]+)[\w-]*'/g)].map(([, name = '']) => name);
  const documented = tableRows(readPage('CONTRIBUTING.md'), /^project$/).map(([cell = '']) => cell.replaceAll('`', ''));
  expect(documented.toSorted()).toEqual([...new Set(projects)].toSorted());
});
