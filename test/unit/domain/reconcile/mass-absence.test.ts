import { describe, expect, test } from 'vitest';
import {
  explainMassAbsence,
  HELD_BACK_RECONCILIATIONS,
  heldBackIn,
  isMassAbsence,
  timesHeldBack,
  withCarriedOver,
  withHeldBack,
  withoutHeldBack,
  type HeldBack,
} from '../../../../src/domain/reconcile/mass-absence.ts';

test.each([
  ['a few', 5, 5, false],
  ['half of them', 6, 12, false],
  ['more than half of them', 7, 13, true],
  ['all', 6, 6, true],
])('that %s are missing (%i of %i) is too much: %s', (_, absentCount, expectedCount, isTooMuch) => {
  expect(isMassAbsence({ absentCount, expectedCount })).toBe(isTooMuch);
});

describe('what was held back', () => {
  test('is counted from one reconciliation to the next, by the name in any letter case', () => {
    let heldBack: HeldBack[] = [];
    for (let number = 7; number < 7 + HELD_BACK_RECONCILIATIONS; number += 1) {
      expect(timesHeldBack(heldBack, 'Games', number)).toBe(number - 7);
      heldBack = withHeldBack(heldBackIn(heldBack, number - 1), 'Games', number);
    }
    expect(timesHeldBack(heldBack, 'GAMES', 10)).toBe(HELD_BACK_RECONCILIATIONS);
    expect(timesHeldBack(heldBack, 'lobbies', 10)).toBe(0);
  });

  test('counts once in a reconciliation, however many turns it takes', () => {
    const once = withHeldBack([], 'games', 7);
    expect(timesHeldBack(once, 'games', 7)).toBe(0);
    expect(withHeldBack(once, 'games', 7)).toEqual(once);
  });

  test('is forgotten by the next one but for what it held back itself', () => {
    const both = withHeldBack(withHeldBack([], 'games', 6), 'lobbies', 7);
    expect(heldBackIn(both, 7)).toEqual([{ resourceGroup: 'lobbies', times: 1, number: 7 }]);
  });

  test('stays where a resource group, or none at all, could be compared, and counts no more for it', () => {
    const both = withHeldBack(withHeldBack([], 'games', 6), 'lobbies', 6);
    expect(heldBackIn(withCarriedOver(both, 7, 'Games'), 7)).toEqual([{ resourceGroup: 'games', times: 1, number: 7 }]);
    const all = heldBackIn(withCarriedOver(both, 7), 7);
    expect(all).toHaveLength(2);
    expect(timesHeldBack(all, 'games', 8)).toBe(1);
  });

  test('is nothing any more of a resource group that was compared without it', () => {
    const both = withHeldBack(withHeldBack([], 'games', 6), 'lobbies', 6);
    expect(withoutHeldBack(both, 'Games')).toMatchObject([{ resourceGroup: 'lobbies' }]);
  });

  test('is remembered of so many resource groups, and the others wait for these', () => {
    let heldBack: HeldBack[] = [];
    for (let index = 0; index < 250; index += 1) heldBack = withHeldBack(heldBack, `games-${index}`, 7);
    expect(heldBack).toHaveLength(200);
    expect(timesHeldBack(heldBack, 'games-249', 8)).toBe(0);
  });
});

test('a report has room for all that an operator has to read', () => {
  const { code, message } = explainMassAbsence({ absentCount: 10_000, expectedCount: 10_000 }, 1);
  expect(code).toBe('massAbsence');
  expect(message.length).toBeLessThanOrEqual(200);
  expect(message).toContain('AZURE_SUBSCRIPTION_ID');
  expect(message).toContain('1 of 3 times');
});
