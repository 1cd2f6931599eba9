import { describe, expect, test } from 'vitest';
import { FACTS_MAX_AGE_MS, leasesByRequest, LEASE_KEPT_MS, turnPage } from '../../../../src/domain/seat/seat-book.ts';
import { at, bookOf, facts, lease } from './seat-fixture.ts';

const HOUR_MS = 3_600_000;
const group = { incarnation: 'first', seats: 4, sessions: 0, asOf: at(0) };

describe('a book', () => {
  test('finds the lease of a request', () => {
    const book = bookOf({ a: lease, b: { ...lease, requestId: 'request-2' } });
    expect(leasesByRequest(book).get('request-2')).toEqual({ id: 'b', ...lease, requestId: 'request-2' });
    expect(leasesByRequest(book).has('request-3')).toBe(false);
  });

  test('has a clock that never goes back', () => {
    const later = turnPage(bookOf({}), at(10));
    expect([later.clock, turnPage(later, at(5)).clock]).toEqual([at(10), at(10)]);
  });

  test('forgets a lease a while after its end', () => {
    const book = bookOf({ a: lease });
    expect(turnPage(book, at(60_000 + LEASE_KEPT_MS)).leases).toEqual({ a: lease });
    expect(turnPage(book, at(60_001 + LEASE_KEPT_MS)).leases).toEqual({});
  });

  test('knows a group for as long as old looks at it may come', () => {
    const book = bookOf({});
    expect(turnPage(book, at(2 * FACTS_MAX_AGE_MS)).groups).toEqual(book.groups);
    expect(turnPage(book, at(2 * FACTS_MAX_AGE_MS + 1)).groups).toEqual({});
  });

  test('knows a group as long as it has a lease on it', () => {
    const book = bookOf({ a: { ...lease, confirmedUntil: at(HOUR_MS) } });
    expect(turnPage(book, at(HOUR_MS)).groups).toEqual(book.groups);
  });

  test.each([
    ['closed', 600_000],
    ['refused', 2 * FACTS_MAX_AGE_MS],
    ['opened', 2 * FACTS_MAX_AGE_MS],
  ] as const)('knows that a group was %s for as long as that matters', (outcome, keptMs) => {
    const closing = { id: 'closing-1', at: at(0), outcome };
    const book = bookOf({}, { groups: { [facts.key]: { ...group, closing } } });
    expect(turnPage(book, at(keptMs)).groups).toEqual(book.groups);
    expect(turnPage(book, at(keptMs + 1)).groups).toEqual({});
  });

  test('sells a group again that it knows for other reasons, when its closing is long over', () => {
    const closing = { id: 'closing-1', at: at(0), outcome: 'closed' } as const;
    const told = { ...group, asOf: at(600_000), closing };
    const leased = { ...group, closing };
    const book = bookOf(
      { a: { ...lease, group: 'games:leased', confirmedUntil: at(HOUR_MS) } },
      { groups: { [facts.key]: told, 'games:leased': leased } },
    );
    expect(turnPage(book, at(600_000)).groups).toEqual(book.groups);
    expect(turnPage(book, at(600_001)).groups).toEqual({
      [facts.key]: { ...group, asOf: at(600_000) },
      'games:leased': group,
    });
  });
});
