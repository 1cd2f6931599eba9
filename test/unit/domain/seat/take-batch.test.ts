import { describe, expect, test } from 'vitest';
import { FACTS_MAX_AGE_MS, MAX_BOOK_BYTES } from '../../../../src/domain/seat/seat-book.ts';
import { takeBatch } from '../../../../src/domain/seat/take-batch.ts';
import { at, batchOf, bookOf, facts, lease, request } from './seat-fixture.ts';

const two = { ...facts, key: 'games:game-2' };
const requests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...request,
    requestId: `request-${index}`,
    leaseId: `lease-${index}`,
  }));

describe('a batch of requests', () => {
  test('begins a book, with a lease from then on', () => {
    const book = takeBatch(undefined, batchOf([request]), at(500));
    expect(book).toMatchObject({ clock: at(500), batches: ['batch-1'] });
    expect(book?.leases).toEqual({ 'lease-1': { ...lease, grantedAt: at(500), expiresAt: at(60_500) } });
  });

  test('fills the fullest group, in the order of the requests, until there is no room', () => {
    const busy = { ...two, sessions: 3 };
    const book = takeBatch(undefined, batchOf(requests(6), { groups: [facts, busy] }), at(0));
    expect(Object.values(book?.leases ?? {}).map(({ group }) => group)).toEqual([
      'games:game-2',
      ...Array.from({ length: 4 }, () => 'games:game-1'),
    ]);
  });

  test('gives a request its lease once, within a batch and later', () => {
    const book = takeBatch(undefined, batchOf([request, { ...request, leaseId: 'lease-2' }]), at(0));
    const again = batchOf([{ ...request, leaseId: 'lease-3' }], { batchId: 'batch-2' });
    expect(Object.keys(takeBatch(book, again, at(1))?.leases ?? {})).toEqual(['lease-1']);
  });

  test('gives nothing of a group that is closed, or is another by now', () => {
    const closing = { id: 'closing-1', at: at(0), outcome: 'closed' } as const;
    const group = { incarnation: 'first', seats: 4, sessions: 0, asOf: at(0) };
    const closed = bookOf({}, { groups: { [facts.key]: { ...group, closing } } });
    expect(takeBatch(closed, batchOf([request]), at(0))?.leases).toEqual({});
    const other = bookOf({}, { groups: { [facts.key]: { ...group, incarnation: 'second', asOf: at(5) } } });
    expect(takeBatch(other, batchOf([request]), at(5))?.leases).toEqual({});
  });

  test('sells a group again that a deletion has spared', () => {
    for (const outcome of ['refused', 'opened'] as const) {
      const group = { incarnation: 'first', seats: 4, sessions: 0, asOf: at(0) };
      const book = bookOf({}, { groups: { [facts.key]: { ...group, closing: { id: 'c', at: at(0), outcome } } } });
      expect(Object.keys(takeBatch(book, batchOf([request]), at(0))?.leases ?? {})).toHaveLength(1);
    }
  });

  test('gives no more than a book holds, whatever is in it, and stays below a mebibyte when all is confirmed and released', () => {
    const key = `${'g'.repeat(90)}:${'n'.repeat(63)}`;
    const long = { ...facts, key, incarnation: 'i'.repeat(36), seats: 10_000 };
    const ids = Array.from({ length: 3_000 }, (_, index) => String(index).padStart(36, '0'));
    const asked = ids.map((id) => ({ ...request, leaseId: id, requestId: id.padStart(64, 'r') }));
    const book = takeBatch(undefined, batchOf(asked, { groups: [long] }), at(0));
    const bytes = JSON.stringify(book).length;
    expect(bytes).toBeGreaterThan(MAX_BOOK_BYTES - 2_000);
    expect(bytes).toBeLessThan(MAX_BOOK_BYTES + 1_000);
    const full = takeBatch(book, batchOf(requests(20), { batchId: 'batch-2', groups: [long] }), at(0));
    expect(JSON.stringify(full).length).toBeLessThan(MAX_BOOK_BYTES + 1_000);
    const actions = ids.flatMap((leaseId) => (['confirm', 'release'] as const).map((action) => ({ leaseId, action })));
    const grown = takeBatch(full, batchOf([], { batchId: 'batch-3', groups: [], actions }), at(1));
    expect(
      Object.values(grown?.leases ?? {}).filter(({ releasedAt }) => releasedAt !== undefined).length,
    ).toBeGreaterThan(1_000);
    expect(JSON.stringify(grown).length).toBeLessThan(1_048_576);
  });

  test('changes nothing when it comes twice, or when nobody waits for it any more', () => {
    const book = takeBatch(undefined, batchOf([]), at(0));
    expect(takeBatch(book, batchOf([request]), at(1))).toBe(book);
    const late = batchOf([request], { batchId: 'late' });
    expect(takeBatch(book, late, at(FACTS_MAX_AGE_MS + 1))).toBe(book);
    expect(takeBatch(undefined, late, at(FACTS_MAX_AGE_MS + 1))).toBeUndefined();
  });

  test('takes a look that began in the future for one of now', () => {
    const book = takeBatch(undefined, batchOf([], { asOf: at(100_000) }), at(500));
    expect(book?.groups[facts.key]?.asOf).toBe(at(500));
  });

  test('takes no word of the language for a lease', () => {
    const actions = ['__proto__', 'constructor'].map((leaseId) => ({ leaseId, action: 'release' as const }));
    const book = takeBatch(undefined, batchOf([], { actions }), at(0));
    expect(Object.keys(book?.leases ?? {})).toEqual([]);
    expect(Object.getPrototypeOf(book?.leases)).toBe(Object.prototype);
  });

  test('does what was asked with leases, before it gives any', () => {
    const actions = [
      { leaseId: 'lease-1', action: 'release' },
      { leaseId: 'unknown', action: 'confirm' },
    ] as const;
    const full = bookOf({ 'lease-1': { ...lease, seats: 4 } });
    const batch = batchOf([{ ...request, requestId: 'request-2', leaseId: 'lease-2' }], { actions: [...actions] });
    const early = takeBatch(full, { ...batch, asOf: at(5_999) }, at(1_000));
    expect(early?.leases).toEqual({ 'lease-1': { ...lease, seats: 4, releasedAt: at(1_000) } });
    const later = takeBatch(early, { ...batch, batchId: 'batch-2', asOf: at(6_000) }, at(6_100));
    expect(Object.keys(later?.leases ?? {})).toEqual(['lease-1', 'lease-2']);
  });
});
