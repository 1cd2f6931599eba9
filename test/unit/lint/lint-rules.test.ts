import { describe, expect, test } from 'vitest';
import { lintSnippets } from './lint-snippets.ts';

interface Case {
  readonly says: string;
  readonly folder: string;
  readonly code: string;
  readonly rule: string;
  readonly refused: boolean;
}

const PURE = 'aci(pure)';
const YIELD = 'aci(yield-star-only)';
const DOCSTRING = 'aci(documented-exports)';
const REASON = 'aci(reasoned-exemptions)';

const CASES: readonly Case[] = [
  refuses(PURE, 'src/domain', 'the time of the moment', 'const at = new Date();'),
  refuses(PURE, 'src/domain', 'Date.now', 'const at = Date.now();'),
  refuses(PURE, 'src/domain', 'a computed member of Date', "const at = Date['now']();"),
  refuses(PURE, 'src/domain', 'Date as a value', 'const clock = Date;'),
  allows(PURE, 'src/domain', 'a date made of an argument', 'const day = (at: string) => new Date(at).toISOString();'),
  allows(
    PURE,
    'src/domain',
    'Date.parse and Date as a type',
    'const at = (text: Date | string) => Date.parse(`${text}`);',
  ),
  refuses(PURE, 'src/domain', 'randomness', 'const luck = Math.random();'),
  refuses(PURE, 'src/domain', 'destructured randomness', 'const { random } = Math;'),
  allows(PURE, 'src/domain', 'the rest of Math', 'const most = Math.max(1, 2);'),
  refuses(PURE, 'src/domain', 'settings', 'const name = process.env.NAME;'),
  refuses(PURE, 'src/domain', 'globalThis', 'const name = globalThis.process;'),
  refuses(PURE, 'src/domain', 'the network', "const answer = fetch('https://example.com');"),
  refuses(PURE, 'src/domain', 'timers', 'setTimeout(() => {}, 1);'),
  refuses(PURE, 'src/domain', 'random ids', 'const id = crypto.randomUUID();'),
  refuses(PURE, 'src/domain', 'Temporal', 'const at = Temporal.Now.instant();'),
  refuses(PURE, 'src/domain', 'performance', 'const at = performance.now();'),
  refuses(PURE, 'src/domain', 'the console', "console.log('here');"),
  refuses(PURE, 'src/domain', 'an impure global behind a cast', 'const now = process as unknown;'),
  refuses(PURE, 'src/domain', 'await', 'const wait = async (then: Promise<void>) => { await then; };'),
  refuses(PURE, 'src/domain', 'the path of the module', 'const here = import.meta.dirname;'),
  allows(PURE, 'src/domain', 'a local of the name of a global', 'const end = (process: { at: number }) => process.at;'),
  allows(PURE, 'src/domain', 'collections and JSON', 'const seen = new Set(Object.keys(JSON.parse("{}")));'),
  refuses(PURE, 'src/orchestrators', 'the time of the moment', 'const at = new Date();'),
  refuses(PURE, 'src/orchestrators', 'timers', 'setTimeout(() => {}, 1);'),
  allows(PURE, 'src/triggers', 'the time of the moment', 'const at = new Date();'),

  refuses(YIELD, 'src/orchestrators', 'a bare yield', 'function* run(step: unknown) { yield step; }'),
  refuses(YIELD, 'src/orchestrators', 'an async function', 'async function run() {}'),
  refuses(YIELD, 'src/orchestrators', 'an async arrow', 'const run = async () => 1;'),
  refuses(YIELD, 'src/orchestrators', 'an async generator', 'const run = { async *steps() {} };'),
  refuses(YIELD, 'src/orchestrators', 'for await', 'export {};\nfor await (const one of []) void one;'),
  allows(YIELD, 'src/orchestrators', 'yield*', 'function* run(step: Generator<unknown>) { yield* step; }'),
  allows(YIELD, 'src/durable', 'a bare yield where steps are made', 'function* run(step: unknown) { yield step; }'),

  refuses(DOCSTRING, 'src/domain', 'an undocumented export', 'export const one = 1;'),
  refuses(DOCSTRING, 'local/host', 'an undocumented export', 'export interface One { one: number }'),
  refuses(DOCSTRING, 'src/domain', 'a line comment', '// Not a docstring.\nexport const one = 1;'),
  refuses(
    DOCSTRING,
    'src/domain',
    'an undocumented export after an empty line',
    '/** One. */\nexport const one = 1;\n\nexport const two = 2;',
  ),
  allows(DOCSTRING, 'src/domain', 'a documented export', '/** One. */\nexport const one = 1;'),
  allows(
    DOCSTRING,
    'src/domain',
    'a family under one docstring',
    '/** Numbers. */\nexport const one = 1;\nexport const two = 2;',
  ),

  refuses(REASON, 'src/domain', 'an exemption without a reason', '// oxlint-disable-next-line no-var\nvar one = 1;'),
  allows(
    REASON,
    'src/domain',
    'an exemption with its reason',
    '// oxlint-disable-next-line no-var -- shows how\nvar one = 1;',
  ),

  refuses('typescript(no-explicit-any)', 'src/domain', 'any', 'const one: any = 1;'),
  refuses(
    'typescript(no-non-null-assertion)',
    'src/domain',
    'a non-null assertion',
    'const at = (one?: string) => one!.length;',
  ),
  refuses(
    'typescript(no-unsafe-type-assertion)',
    'src/domain',
    'a cast',
    'const at = (one: unknown) => one as string;',
  ),
  refuses('typescript(no-floating-promises)', 'local/host', 'a floating promise', 'Promise.resolve(1);'),
  allows('typescript(no-floating-promises)', 'local/host', 'an awaited promise', 'await Promise.resolve(1);'),
  refuses(
    'typescript(switch-exhaustiveness-check)',
    'src/domain',
    'a switch with a hole',
    switchOver("case 'a': return 1;"),
  ),
  refuses(
    'typescript(switch-exhaustiveness-check)',
    'src/domain',
    'a default that hides a hole',
    switchOver("case 'a': return 1; default: return 2;"),
  ),
  allows(
    'typescript(switch-exhaustiveness-check)',
    'src/domain',
    'an exhaustive switch',
    switchOver("case 'a': return 1; case 'b': return 2;"),
  ),
  refuses('import(no-default-export)', 'src/domain', 'a default export', 'export default 1;'),
  refuses('eslint(no-console)', 'src/triggers', 'the console', "console.log('here');"),
  allows('eslint(no-console)', 'local/host', 'the console of a command line', "console.log('here');"),
  refuses(
    'node(no-process-env)',
    'src/triggers',
    'settings read outside of the composition root',
    'const name = process.env.NAME;',
  ),
  refuses('eslint(max-lines)', 'src/domain', '301 lines', '// line\n'.repeat(301)),
  allows('eslint(max-lines)', 'src/domain', '300 lines', '// line\n'.repeat(300)),
  refuses('eslint(no-empty)', 'src/domain', 'a swallowed error', 'try { JSON.parse(""); } catch {}'),
  refuses(
    'eslint(preserve-caught-error)',
    'src/domain',
    'an error without its cause',
    "try { JSON.parse(''); } catch (error) { throw new Error('No JSON.'); }",
  ),
  refuses(
    'eslint(no-warning-comments)',
    'src/domain',
    'a note to do something later',
    '// TODO: later\nconst one = 1;',
  ),
  refuses(
    'vitest(valid-title)',
    'test/unit',
    'a test that "should"',
    "import { test } from 'vitest';\ntest('should work', () => {});",
  ),
];

const files = CASES.map(({ folder }, index) => `${folder}/case-${index}${folder === 'test/unit' ? '.test' : ''}.ts`);
const findings = lintSnippets(new Map(CASES.map(({ code }, index) => [files[index] ?? '', code])));

describe('a lint rule', () => {
  test.each(CASES.map((one, index) => [one.says, one, files[index]] as const))('%s', (_, { rule, refused }, file) => {
    expect(findings.some((finding) => finding.file === file && finding.rule === rule)).toBe(refused);
  });
});

function refuses(rule: string, folder: string, what: string, code: string): Case {
  return { says: `${rule} refuses ${what} in ${folder}`, folder, code, rule, refused: true };
}

function allows(rule: string, folder: string, what: string, code: string): Case {
  return { says: `${rule} allows ${what} in ${folder}`, folder, code, rule, refused: false };
}

function switchOver(cases: string): string {
  return `const of = (one: 'a' | 'b') => { switch (one) { ${cases} } return 0; };`;
}
