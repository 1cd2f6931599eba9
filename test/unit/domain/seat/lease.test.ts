import { describe, expect, test } from 'vitest';
import {
  act,
  conditionOf,
  countsBeside,
  endOf,
  type Lease,
  type LeaseAction,
} from '../../../../src/domain/seat/lease.ts';
import { at, lease } from './seat-fixture.ts';

const confirmed: Lease = { ...lease, confirmedUntil: at(3_600_000) };
const released: Lease = { ...lease, releasedAt: at(10_000) };
const lost: Lease = { ...lease, lostAt: at(10_000) };

describe('a lease', () => {
  test.each<[says: string, lease: Lease, afterMs: number, condition: string]>([
    ['is held until it expires', lease, 59_999, 'held'],
    ['has expired from that moment on', lease, 60_000, 'expired'],
    ['is held for longer once it is confirmed', confirmed, 3_599_999, 'held'],
    ['expires after that', confirmed, 3_600_000, 'expired'],
    ['is released for good', released, 1, 'released'],
    ['is lost with its group', lost, 20_000, 'lost'],
  ])('%s', (_says, given, afterMs, condition) => {
    expect(conditionOf(given, at(afterMs))).toBe(condition);
  });

  test('ends when it is lost', () => {
    expect(endOf(lost)).toBe(at(10_000));
  });

  test.each<[says: string, lease: Lease, asOfMs: number, counts: boolean]>([
    ['counts beside the sessions while it is held', lease, 59_999, true],
    ['counts until the last report of its time has come', lease, 64_999, true],
    ['counts no more in facts of later', lease, 65_000, false],
    ['does not count once the server has named it', { ...lease, seen: true }, 1, false],
    ['does not count once its group is lost', lost, 1, false],
    ['counts for longer when it is confirmed', confirmed, 3_604_999, true],
    ['counts after its release until the report has come that it was released for', released, 14_999, true],
    ['does not count in facts of later than that', released, 15_000, false],
  ])('%s', (_says, given, asOfMs, counts) => {
    expect(countsBeside(given, at(asOfMs))).toBe(counts);
  });

  test.each<[says: string, lease: Lease, action: LeaseAction, after: Partial<Lease>]>([
    ['is confirmed for its time from then on', lease, 'confirm', { confirmedUntil: at(3_601_000) }],
    ['is confirmed once', confirmed, 'confirm', {}],
    ['is not made shorter by that', { ...lease, confirmSeconds: 1 }, 'confirm', { confirmedUntil: at(60_000) }],
    ['is renewed for its time from then on', lease, 'renew', { expiresAt: at(61_000) }],
    ['is renewed as a confirmed one', confirmed, 'renew', { confirmedUntil: at(3_601_000) }],
    ['is released', lease, 'release', { releasedAt: at(1_000) }],
    ['is released when it is confirmed', confirmed, 'release', { releasedAt: at(1_000) }],
    ['that is lost stays lost', { ...lost, lostAt: at(500) }, 'renew', {}],
    ['that was released stays so', released, 'confirm', {}],
  ])('%s', (_says, given, action, after) => {
    expect(act(given, action, at(1_000))).toEqual({ ...given, ...after });
  });
});
