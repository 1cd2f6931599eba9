import { describe, expect, test } from 'vitest';
import type { ContainerGroup, GroupIn } from '../../../../src/domain/group/container-group.ts';
import { offerGroups } from '../../../../src/domain/seat/offer-groups.ts';
import { marked, running } from '../group/group-fixture.ts';
import { at, bookOf, lease, request } from './seat-fixture.ts';

/** A group of ten seats by its number, of which so many are played on. */
const group = (number: number, activeSessions = 0, more: Partial<GroupIn<'Running'>> = {}): ContainerGroup => ({
  ...running,
  containerGroupName: `game-${number}`,
  maxSessions: 10,
  activeSessions,
  ...more,
});

const offered = (...given: Parameters<typeof offerGroups>): string[] => offerGroups(...given).map(({ key }) => key);

describe('a book is told', () => {
  test('of no more groups than the requests may need, the best ones', () => {
    const fleet = Array.from({ length: 30 }, (_, index) => group(index, index % 10));
    const keys = offered(fleet, [request, request], undefined, at(0));
    expect(keys).toEqual(['7', '8', '9', '16', '17', '18', '19', '27', '28', '29'].map((each) => `games:game-${each}`));
  });

  test('of the best ones of each kind of request, and of none twice', () => {
    const fleet = [group(1, 9), group(2, 8), group(3, 0)];
    const spread = { ...request, strategy: 'spread' } as const;
    expect(offered(fleet, [request, { ...request, seats: 2 }, spread], undefined, at(0))).toHaveLength(3);
    expect(offered(fleet, [{ ...request, seats: 3 }], undefined, at(0))).toEqual(['games:game-3']);
    expect(offered(fleet, [], undefined, at(0))).toEqual([]);
  });

  test('of none that is full, is not for sale, or does not run', () => {
    const held = bookOf({ a: { ...lease, seats: 10, group: 'games:game-1' } });
    const closing = { id: 'closing-1', at: at(0), outcome: 'closed' } as const;
    const closed = { incarnation: 'first', seats: 0, sessions: 0, asOf: at(0), closing };
    const book = { ...held, groups: { 'games:game-2': closed } };
    const fleet = [group(1), group(2), group(3, 10), { ...marked, containerGroupName: 'game-4' }, group(5)];
    expect(offered(fleet, [request], book, at(1))).toEqual(['games:game-5']);
  });

  test('of one whose server has just named the lease that filled it', () => {
    const book = bookOf({ a: { ...lease, seats: 9, group: 'games:game-1' } });
    const named = group(1, 9, { leases: [{ id: 'a', seen: true }], lastReport: { at: at(1) } });
    expect(offered([group(1, 9)], [request], book, at(2))).toEqual([]);
    expect(offered([named], [request], book, at(2))).toEqual(['games:game-1']);
  });
});
