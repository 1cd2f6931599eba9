import { describe, expect, test } from 'vitest';
import {
  closeGroup,
  closingOutcome,
  isLongOffSale,
  openGroup,
  type CloseGroup,
} from '../../../../src/domain/seat/close-group.ts';
import { FACTS_MAX_AGE_MS } from '../../../../src/domain/seat/seat-book.ts';
import { marked, running } from '../group/group-fixture.ts';
import { at, bookOf, facts, lease } from './seat-fixture.ts';

const { key } = facts;
const command: CloseGroup = { closingId: 'closing-1', at: at(1), key, incarnation: 'first', force: false };

describe('the closing of a group', () => {
  test('closes one without leases', () => {
    const book = closeGroup(bookOf({}), command, at(2));
    expect(closingOutcome(book, command)).toBe('closed');
    expect(book?.groups[key]).toMatchObject({ seats: 4, closing: { id: 'closing-1', at: at(1), outcome: 'closed' } });
  });

  test('closes one that no book knows, and an earlier one of a name that another has', () => {
    expect(closingOutcome(closeGroup(undefined, command, at(2)), command)).toBe('closed');
    const second = { ...command, incarnation: 'second' };
    const book = closeGroup(bookOf({}), second, at(2));
    expect(book?.groups[key]).toMatchObject({ incarnation: 'second', seats: 0, asOf: at(2) });
  });

  test('is refused while a lease lasts, until the last report of its time has come', () => {
    const book = closeGroup(bookOf({ a: lease }), { ...command, at: at(64_999) }, at(64_999));
    expect(closingOutcome(book, command)).toMatchObject({ code: 'seatsLeased' });
    const later = { ...command, closingId: 'closing-2', at: at(65_000) };
    expect(closingOutcome(closeGroup(book, later, at(65_000)), later)).toBe('closed');
  });

  test('breaks what leases there are by force, and those of no other group', () => {
    const leases = { a: lease, b: { ...lease, group: 'games:other' }, c: { ...lease, releasedAt: at(1) } };
    const book = closeGroup(bookOf(leases), { ...command, force: true }, at(2));
    expect(closingOutcome(book, command)).toBe('closed');
    expect(book?.leases).toEqual({ ...leases, a: { ...lease, lostAt: at(2), lostBy: 'closing-1' } });
  });

  test('changes nothing when it comes twice, after another, or late', () => {
    const refused = closeGroup(bookOf({ a: lease }), command, at(2));
    const open = { ...bookOf({}), ...refused, leases: {} };
    expect(closeGroup(open, command, at(3))).toBe(open);
    expect(closeGroup(open, { ...command, closingId: 'earlier', at: at(0) }, at(3))).toBe(open);
    expect(closeGroup(open, { ...command, closingId: 'late' }, at(2 + FACTS_MAX_AGE_MS))).toBe(open);
  });

  test('lasts from when its deletion asked last, and what was refused or opened stays so', () => {
    const again = { ...command, at: at(3) };
    const closed = closeGroup(bookOf({}), command, at(2));
    expect(closeGroup(closed, again, at(4))?.groups[key]?.closing).toEqual({
      ...closed?.groups[key]?.closing,
      at: at(3),
    });
    for (const book of [openGroup(closed, command, at(2)), closeGroup(bookOf({ a: lease }), command, at(2))]) {
      expect(closeGroup(book, again, at(4))).toBe(book);
    }
  });

  test('leaves a later group of the name alone, whose looks began after it was asked for', () => {
    const later = { incarnation: 'second', seats: 4, sessions: 0, asOf: at(2) };
    const book = bookOf({ a: { ...lease, incarnation: 'second' } }, { groups: { [key]: later } });
    expect(closeGroup(book, command, at(3))).toBe(book);
  });
});

describe('a group that is opened again', () => {
  const closed = closeGroup(bookOf({}), command, at(2));

  test('is for sale', () => {
    const book = openGroup(closed, command, at(3));
    expect(book?.groups[key]?.closing?.outcome).toBe('opened');
    expect(closingOutcome(book, command)).not.toBe('closed');
  });

  test('has the leases again that its closing broke, and those that were lost before stay so', () => {
    const leases = { a: lease, b: { ...lease, lostAt: at(0) }, c: { ...lease, lostAt: at(0), lostBy: 'earlier' } };
    const book = openGroup(closeGroup(bookOf(leases), { ...command, force: true }, at(2)), command, at(3));
    expect(book?.leases).toEqual(leases);
  });

  test('stays closed when another deletion has closed it since', () => {
    const again = closeGroup(closed, { ...command, closingId: 'closing-2', at: at(3) }, at(3));
    expect(openGroup(again, command, at(4))).toBe(again);
  });

  test('stays as it is when it is another, was never closed, or is not known', () => {
    expect(openGroup(closed, { ...command, incarnation: 'second' }, at(4))).toBe(closed);
    const book = bookOf({});
    expect(openGroup(book, command, at(4))).toBe(book);
    expect(openGroup(undefined, command, at(4))).toBeUndefined();
  });
});

test('a closing that the book has not taken has no outcome', () => {
  expect(closingOutcome(undefined, command)).toBeUndefined();
  expect(closingOutcome(bookOf({}), command)).toBeUndefined();
  expect(closingOutcome(bookOf({}), { ...command, incarnation: 'second' })).toBeUndefined();
});

test('a group is long off sale once it was marked before the oldest look that may be sold by', () => {
  expect(isLongOffSale(marked, at(60_000))).toBe(false);
  expect(isLongOffSale(marked, at(60_001))).toBe(true);
  expect(isLongOffSale(running, at(60_001))).toBe(false);
});
