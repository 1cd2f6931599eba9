import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintSnippets } from './lint-snippets.ts';

const IMPORTED = new Map([
  ['domain', 'src/domain/time.ts'],
  ['defined', 'src/domain/defined.ts'],
  ['contracts', 'src/contracts/deletion.ts'],
  ['durable', 'src/durable/entity.ts'],
  ['steps', 'src/durable/steps.ts'],
  ['client', 'src/durable/create-durable-client.ts'],
  ['clientPort', 'src/durable/durable-client.ts'],
  ['handler', 'src/durable/activity.ts'],
  ['port', 'src/aci/container-groups.ts'],
  ['throttling', 'src/aci/log-throttling.ts'],
  ['arm', 'src/aci/arm-container-groups.ts'],
  ['orchestrators', 'src/orchestrators/provision.ts'],
  ['entities', 'src/entities/container-group.ts'],
  ['activities', 'src/activities/begin-create.ts'],
  ['triggers', 'src/triggers/http/create.ts'],
  ['security', 'src/security/sealing.ts'],
  ['policy', 'src/security/policy.ts'],
  ['config', 'src/config.ts'],
  ['local', 'local/clock/clock.ts'],
  ['zod', 'zod'],
  ['df', 'durable-functions'],
  ['functions', '@azure/functions'],
  ['sdk', '@azure/arm-containerinstance'],
  ['identity', '@azure/identity'],
  ['pipeline', '@azure/core-rest-pipeline'],
  ['crypto', 'node:crypto'],
  ['fs', 'node:fs'],
  ['commander', 'commander'],
]);

const ALL_OF_SRC =
  'domain defined contracts durable steps client clientPort handler port throttling arm orchestrators entities activities triggers security policy config';
const ALL_PACKAGES = 'zod df functions sdk identity pipeline crypto fs commander';

// The table of the design: what each row may import, and what it may import as types only.
const TABLE = [
  { importer: 'src/domain/row.ts', values: 'domain defined zod', types: '' },
  { importer: 'src/contracts/row.ts', values: 'domain defined contracts zod', types: '' },
  {
    importer: 'src/durable/row.ts',
    values: 'defined contracts durable steps client clientPort handler zod df',
    types: 'domain functions',
  },
  { importer: 'src/aci/row.ts', values: 'domain defined port throttling arm sdk identity pipeline', types: '' },
  {
    importer: 'src/orchestrators/row.ts',
    values: 'domain defined contracts steps orchestrators',
    types: 'zod df functions',
  },
  {
    importer: 'src/entities/row.ts',
    values: 'domain defined contracts entities',
    types: 'durable steps client clientPort handler zod',
  },
  {
    importer: 'src/activities/row.ts',
    values: 'domain defined contracts throttling activities',
    types: 'clientPort handler port zod',
  },
  {
    importer: 'src/triggers/http/row.ts',
    values: 'domain defined contracts client triggers policy functions',
    types: 'clientPort port security zod',
  },
  { importer: 'src/security/row.ts', values: 'domain defined contracts security policy crypto', types: '' },
  { importer: 'src/config.ts', values: `${ALL_OF_SRC} ${ALL_PACKAGES}`, types: '' },
  { importer: 'src/main.ts', values: `${ALL_OF_SRC} ${ALL_PACKAGES}`, types: '' },
  { importer: 'local/host/row.ts', values: 'local zod crypto fs commander', types: '' },
  { importer: 'src/unheard-of/row.ts', values: '', types: '' },
];

const FORMS = [
  { form: 'import', write: (from: string) => `import '${from}';`, isType: false },
  {
    form: 'named import',
    write: (from: string, n: number) => `import { one as a${n} } from '${from}';`,
    isType: false,
  },
  { form: 're-export', write: (from: string) => `export * from '${from}';`, isType: false },
  {
    form: 'named re-export',
    write: (from: string, n: number) => `export { one as b${n} } from '${from}';`,
    isType: false,
  },
  { form: 'dynamic import', write: (from: string) => `void import('${from}');`, isType: false },
  {
    form: 'import type',
    write: (from: string, n: number) => `import type { One as C${n} } from '${from}';`,
    isType: true,
  },
  { form: 'type re-export', write: (from: string) => `export type * from '${from}';`, isType: true },
  {
    form: 'type of an import',
    write: (from: string, n: number) => `type D${n} = import('${from}').One;`,
    isType: true,
  },
];

// A file for each row, and in it a line for each form and import: one run of the linter answers for all.
const findings = lintSnippets(
  new Map([
    ['src/domain/computed.ts', 'void import(`node:${1}`);'],
    ...TABLE.map(({ importer }): [string, string] => [
      importer,
      FORMS.flatMap(({ write }) =>
        [...IMPORTED.values()].map((module, n) => write(specifier(importer, module), n)),
      ).join('\n'),
    ]),
  ]),
);

describe('the import table', () => {
  const cells = TABLE.flatMap((row) =>
    FORMS.map((form, index) => ({ ...row, ...form, firstLine: index * IMPORTED.size + 1 })),
  );

  test.each(cells)('decides what $importer may take by $form', ({ importer, values, types, isType, firstLine }) => {
    const allowed = [...IMPORTED.keys()].filter((_, index) => !isRefused(importer, firstLine + index));
    const expected = `${values} ${isType ? types : ''}`.split(' ').filter((name) => name !== '');
    expect(allowed.toSorted()).toEqual(expected.toSorted());
  });

  test('refuses a computed import in src, which nothing could check', () => {
    expect(isRefused('src/domain/computed.ts', 1)).toBe(true);
  });
});

function specifier(importer: string, module: string): string {
  if (!/^(src|local)\//.test(module)) {
    return module;
  }
  const path = posix.relative(posix.dirname(importer), module);
  return path.startsWith('.') ? path : `./${path}`;
}

function isRefused(file: string, line: number): boolean {
  return findings.some(
    (finding) => finding.rule === 'aci(import-table)' && finding.file === file && finding.line === line,
  );
}
