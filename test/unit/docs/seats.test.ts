import { expect, test } from 'vitest';
import { allocateRequestSchema } from '../../../src/contracts/http-api.ts';
import { MAX_FLEET_LENGTH } from '../../../src/domain/seat/book-key.ts';
import { REPORT_LAG_MS } from '../../../src/domain/seat/lease.ts';
import { LEASE_KEPT_MS, MAX_BOOK_BYTES } from '../../../src/domain/seat/seat-book.ts';
import { codeBlocks, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/seats.md');
const { leaseSeconds, confirmSeconds } = allocateRequestSchema.shape;

/** `60 to 86,400`, as the page writes the bounds of a field. */
function boundsOf({ unwrap }: typeof leaseSeconds): string {
  const { minValue, maxValue } = unwrap();
  return `${minValue} to ${maxValue?.toLocaleString('en')}`;
}

test('the page of seats has the numbers of the code', () => {
  expect([REPORT_LAG_MS, LEASE_KEPT_MS, MAX_FLEET_LENGTH, MAX_BOOK_BYTES]).toEqual([5_000, 600_000, 63, 700_000]);
  for (const words of [
    'five seconds after its lease has expired or was released',
    'for ten minutes',
    'has 63 characters',
    '700 KB',
  ]) {
    expect(page).toContain(words);
  }
});

test('the page of seats has the bounds and defaults of a request', () => {
  const rows = new Map(tableRows(page, /^Field$/).map(([field, value, meaning]) => [field, { value, meaning }]));
  const defaults = allocateRequestSchema.parse({ requestId: 'one' });
  for (const [field, schema] of Object.entries({ leaseSeconds, confirmSeconds })) {
    expect(rows.get(`\`${field}\``)?.meaning).toContain(boundsOf(schema));
  }
  expect(rows.get('`leaseSeconds`')?.value).toBe(String(defaults.leaseSeconds));
  expect(rows.get('`confirmSeconds`')?.value).toBe(defaults.confirmSeconds.toLocaleString('en'));
  expect(rows.get('`seats`')?.value).toBe(String(defaults.seats));
  expect(rows.get('`strategy`')?.value).toBe(`\`${defaults.strategy}\``);
});

test('the page of seats asks for one with a body that is taken', () => {
  const [curl = ''] = codeBlocks(page, 'bash');
  const body: unknown = JSON.parse(/-d '([^']+)'/.exec(curl)?.[1] ?? '');
  expect(allocateRequestSchema.parse(body)).toMatchObject({ fleet: 'arena', seats: 2 });
});
