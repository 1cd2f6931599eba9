import { describe, expect, test } from 'vitest';
import { takeFacts } from '../../../../src/domain/seat/take-facts.ts';
import { at, bookOf, facts, lease } from './seat-fixture.ts';

const { key } = facts;

describe('a book that is told of a group', () => {
  test('takes what is known as of later', () => {
    const book = takeFacts(bookOf({}), [{ ...facts, sessions: 2, knownAt: at(5) }], at(10));
    expect(book.groups[key]).toMatchObject({ sessions: 2, knownAt: at(5), asOf: at(10) });
  });

  test('takes nothing of a later look that shows an earlier state', () => {
    const known = takeFacts(bookOf({}), [{ ...facts, sessions: 2, knownAt: at(5) }], at(10));
    expect(takeFacts(known, [facts], at(20))).toEqual(known);
  });

  test('keeps what it knows of a closing', () => {
    const closing = { id: 'closing-1', at: at(1), outcome: 'closed' } as const;
    const group = { incarnation: 'first', seats: 0, sessions: 0, asOf: at(1), closing };
    const book = takeFacts(bookOf({}, { groups: { [key]: group } }), [facts], at(10));
    expect(book.groups[key]).toEqual({ ...group, seats: 4, knownAt: facts.knownAt, asOf: at(10) });
  });

  test('takes an earlier look that shows a later state', () => {
    const known = takeFacts(bookOf({}), [facts], at(20));
    const book = takeFacts(known, [{ ...facts, sessions: 2, knownAt: at(5) }], at(10));
    expect(book.groups[key]).toMatchObject({ sessions: 2, knownAt: at(5), asOf: at(10) });
  });

  test('believes the one with more of two states that it cannot tell apart', () => {
    const known = takeFacts(bookOf({}), [{ ...facts, sessions: 2 }], at(10));
    expect(takeFacts(known, [facts], at(20)).groups[key]).toMatchObject({ sessions: 2, asOf: at(20) });
    const more = takeFacts(known, [{ ...facts, sessions: 3, seen: ['a'] }], at(5));
    expect(more.groups[key]).toMatchObject({ sessions: 3, asOf: at(10) });
  });

  test('knows which leases the server counts, together with the count and not without it', () => {
    const named = { ...facts, seen: ['a', 'unknown'], sessions: 1, knownAt: at(5) };
    const book = takeFacts(bookOf({ a: lease, b: lease }), [named], at(10));
    expect(book.leases).toEqual({ a: { ...lease, seen: true }, b: lease });
    expect(takeFacts(book, [{ ...named, seen: ['b'], knownAt: at(4) }], at(20))).toEqual(book);
  });

  test('leaves a group alone of which an earlier one of its name is told', () => {
    const second = takeFacts(bookOf({}), [{ ...facts, incarnation: 'second', knownAt: at(5) }], at(10));
    expect(takeFacts(second, [facts], at(20))).toEqual(second);
    expect(takeFacts(second, [{ ...facts, incarnation: 'third', knownAt: at(6) }], at(10))).toEqual(second);
  });

  test('does not take the word of one server for the lease of another', () => {
    const book = takeFacts(bookOf({ a: lease }), [{ ...facts, key: 'games:game-2', seen: ['a'] }], at(10));
    expect(book.leases).toEqual({ a: lease });
  });

  test('gives up the leases on a group whose name another has', () => {
    const ended = { ...lease, releasedAt: at(1) };
    const book = bookOf({ a: lease, b: ended, c: { ...lease, group: 'games:unknown' } }, { clock: at(20) });
    const told = takeFacts(book, [{ ...facts, incarnation: 'second' }], at(10));
    expect(told.groups[key]?.incarnation).toBe('second');
    expect(told.leases).toEqual({ ...book.leases, a: { ...lease, lostAt: at(20) } });
  });
});
