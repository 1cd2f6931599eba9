import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failures } from '../../../src/domain/failure.ts';
import { readPage, REPOSITORY, tableRows } from './markdown.ts';

const page = readPage('docs/failures.md');
const MENDS = { caller: 'the caller', operator: 'the operator', azure: 'Azure', ours: 'the app' } as const;

describe('the page of failures', () => {
  test('has every code and no other, with its status, whether it can be repeated, and who mends it', () => {
    const documented = tableRows(page, /^Code$/).map((cells) => cells.slice(0, 4));
    const known = Object.entries(failures).map(([code, { httpStatus, retryable, fault }]) => [
      `\`${code}\``,
      String(httpStatus),
      retryable ? 'yes' : 'no',
      MENDS[fault],
    ]);
    expect(documented).toEqual(known);
  });

  test('says of each code what it means', () => {
    for (const [code, , , , meaning] of tableRows(page, /^Code$/)) {
      expect(meaning, code).toMatch(/^[A-Z`].+\.$/);
    }
  });

  test('has every status of a session report', () => {
    const source = readFileSync(join(REPOSITORY, 'src/triggers/http/session-reports.ts'), 'utf8');
    const [, union = ''] = /^ {2}status: ((?:'\w+'(?: \| )?)+);$/m.exec(source) ?? [];
    const statuses = union.split(' | ').map((status) => status.replaceAll("'", '`'));
    expect(tableRows(page, /^Status$/).map(([status]) => status)).toEqual(statuses);
  });
});
