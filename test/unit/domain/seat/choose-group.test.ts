import { describe, expect, test } from 'vitest';
import { chooseGroup, rankGroups, type SeatWish } from '../../../../src/domain/seat/choose-group.ts';

const groups = [
  { key: 'games:b', location: 'westeurope', free: 3 },
  { key: 'games:a', location: 'westeurope', free: 3 },
  { key: 'games:bb', location: 'westeurope', free: 3 },
  { key: 'games:full', location: 'northeurope', free: 0 },
  { key: 'games:c', location: 'NorthEurope', free: 1 },
  { key: 'games:d', location: 'eastus', free: 8 },
];

const rows: { says: string; wish: SeatWish; order: string[] }[] = [
  { says: 'the fullest first', wish: { seats: 1, strategy: 'packed' }, order: ['c', 'a', 'b', 'bb', 'd'] },
  { says: 'the emptiest first', wish: { seats: 1, strategy: 'spread' }, order: ['d', 'a', 'b', 'bb', 'c'] },
  { says: 'none that is too full', wish: { seats: 2, strategy: 'packed' }, order: ['a', 'b', 'bb', 'd'] },
  { says: 'none at all', wish: { seats: 9, strategy: 'spread' }, order: [] },
  {
    says: 'the dearest location first',
    wish: { seats: 1, strategy: 'packed', preferredLocations: ['eastus', 'westeurope'] },
    order: ['d', 'a', 'b', 'bb', 'c'],
  },
];

describe('of the groups on which there is room', () => {
  test.each(rows)('$says', ({ wish, order }) => {
    expect(rankGroups(groups, wish).map(({ key }) => key)).toEqual(order.map((name) => `games:${name}`));
    expect(chooseGroup(groups, wish)).toEqual(rankGroups(groups, wish)[0]);
  });
});
