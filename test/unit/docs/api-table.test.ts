import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  allocateRequestSchema,
  createRequestSchema,
  deleteRequestSchema,
  detailsRequestSchema,
  leaseRequestSchema,
  listRequestSchema,
  operationRequestSchema,
  sessionReportSchema,
  setStateRequestSchema,
} from '../../../src/contracts/http-api.ts';
import { listItemSchema } from '../../../src/domain/group/list-item.ts';
import { codeBlocks, readPage, REPOSITORY, tableRows } from './markdown.ts';

const rows = tableRows(readPage('README.md'), /^Function$/);

function rowOf(name: string): string[] {
  return rows.find(([cell]) => cell?.startsWith(`\`${name}\``)) ?? [];
}

/** The names of fields as the table writes them, without what it says of their values in brackets; a field that may be left out ends in `?`. */
function documentedFields(name: string): string[] {
  const code = (rowOf(name)[2] ?? '').replaceAll(/ \([^)]*\)/g, '').matchAll(/`([^`]+)`/g);
  const fields = [...code].map(([, text = '']) => text.replaceAll(/[{}]/g, '')).join(',');
  return [...new Set(fields.split(/[\s,]+/))].filter((field) => /^[a-z][A-Za-z]+\??$/.test(field));
}

function fieldsOf(schema: z.ZodObject): string[] {
  const missing = new Set(schema.safeParse({}).error?.issues.map(({ path }) => path[0]));
  return Object.keys(schema.shape).map((name) => (missing.has(name) ? name : `${name}?`));
}

/** Names and methods as the table writes them: a second function of a path stands in brackets behind its method. */
function documentedMethods(): string[] {
  return rows.flatMap(([cell = '']) => {
    const [, name = ''] = /^`(\w+)`/.exec(cell) ?? [];
    const [, method = '', second = ''] = /(\w+) \(`(\w+)`\)/.exec(cell) ?? [];
    const own = cell.replace(/\w+ \(.*$/, '').match(/\b(?:GET|POST|DELETE)\b/g) ?? [];
    return [
      ...(own.length > 0 ? [`${name} ${own.join(', ')}`] : []),
      ...(second === '' ? [] : [`${second} ${method}`]),
    ];
  });
}

describe("the README's table of the API", () => {
  test.each([
    { name: 'ACICreate', schema: createRequestSchema },
    { name: 'ACIDelete', schema: deleteRequestSchema },
    { name: 'ACIDetails', schema: detailsRequestSchema },
    { name: 'ACISetSessions', schema: sessionReportSchema },
    { name: 'ACISetState', schema: setStateRequestSchema },
    { name: 'ACIOperation', schema: operationRequestSchema },
    { name: 'ACIAllocate', schema: allocateRequestSchema },
    { name: 'ACILease', schema: leaseRequestSchema },
  ])('has the fields of a request to $name, and which may be left out', ({ name, schema }) => {
    expect(documentedFields(name)).toEqual(fieldsOf(schema));
  });

  test('has the parameters of ACIList, all of which may be left out', () => {
    expect(documentedFields('ACIList').map((name) => `${name}?`)).toEqual(fieldsOf(listRequestSchema));
  });

  test('has the methods that each function takes', () => {
    const sources = globSync('src/triggers/http/*.ts', { cwd: REPOSITORY });
    const registered = sources.flatMap((path) => {
      const source = readFileSync(join(REPOSITORY, path), 'utf8');
      const found = source.matchAll(/^ {4}name: '(\w+)',\n {4}methods: \[([^\]]+)\]/gm);
      return [...found].map(([, name, methods = '']) => `${name} ${methods.replaceAll("'", '')}`);
    });
    expect(documentedMethods().toSorted()).toEqual(registered.toSorted());
  });
});

test('the group that the README shows is one that an answer could hold', () => {
  const [block = ''] = codeBlocks(readPage('README.md'), 'json');
  expect(listItemSchema.strict().parse(JSON.parse(block))).toMatchObject({ containerGroupName: 'game-1' });
});
