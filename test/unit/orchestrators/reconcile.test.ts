import { describe, expect, test } from 'vitest';
import { emptyReconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import { SECOND_LOOK_AFTER_MS, type Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { BORN, running } from '../domain/group/group-fixture.ts';
import {
  changed,
  comparison,
  empty,
  id,
  listResourceGroups,
  of,
  onlyLobbies,
  settling,
  soFar,
  suspect,
  throttled,
  turn,
} from './reconciliation-world.ts';

describe('a turn', () => {
  test('lists the resource groups, compares the first, and goes on with the next one', () => {
    const { next, waitsMs, published, asked } = turn({ listResourceGroups, compareResourceGroup: comparison([]) }, {});
    expect(asked).toEqual([
      { name: 'listResourceGroups', input: {} },
      { name: 'compareResourceGroup', input: { resourceGroup: 'Games', timesHeldBack: 0 } },
    ]);
    expect(next).toEqual({
      number: 7,
      last: emptyReconciliation(6, BORN),
      heldBack: [],
      soFar: { ...soFar(onlyLobbies), report: { ...empty, comparedCount: 3, foreignCount: 1 } },
    });
    expect(waitsMs).toEqual([]);
    expect(published).toMatchObject([{ number: 7, phase: 'comparing' }]);
  });

  test('goes by the list that it has, and reads the store anew only for what was too much for it', () => {
    const { next, names } = turn({ compareResourceGroup: comparison([]) });
    expect(names).toEqual(['compareResourceGroup']);
    expect(next.soFar?.cursor).toEqual(onlyLobbies);
    const more = turn(
      { listResourceGroups: { ...listResourceGroups, moreAfter: 'lobbies' }, compareResourceGroup: comparison([]) },
      { soFar: soFar({ resourceGroups: [], moreAfter: 'arena' }) },
    );
    expect(more.asked[0]).toEqual({ name: 'listResourceGroups', input: { after: 'arena' } });
    expect(more.next.soFar?.cursor).toEqual({ ...onlyLobbies, moreAfter: 'lobbies' });
  });

  test('after the last resource group tells its report, waits for the interval, and begins the next reconciliation', () => {
    const report = { ...empty, comparedCount: 3 };
    const { next, asked, waitsMs, published } = turn({}, { soFar: { ...soFar({ resourceGroups: [] }), report } });
    expect(asked).toEqual([]);
    expect(next).toEqual({ number: 8, last: report, heldBack: [] });
    expect(waitsMs).toEqual([300_000]);
    expect(published.at(-1)).toEqual({ number: 7, phase: 'waiting', last: report });
  });

  test('leaves what it cannot settle at once to the next one, which alone counts the comparison', () => {
    const compared = comparison([suspect('moved')], { afterName: 'games:game-1' });
    const answers = { compareResourceGroup: compared, lookAgain: { settlements: [], failed: [] } };
    const cursor = { resourceGroups: ['Games', 'lobbies'], moreAfter: 'lobbies', afterName: 'games:game-1' };
    expect(turn(answers, { soFar: soFar({ ...cursor, afterName: 'games:game-0' }) }).next.soFar).toEqual(soFar(cursor));
  });

  test.each<[Suspect['kinds'][number], number[]]>([
    ['ghost', [SECOND_LOOK_AFTER_MS]],
    ['orphan', [SECOND_LOOK_AFTER_MS]],
    ['moved', []],
  ])('waits with its second look at a group that is suspected: %s', (kind, expected) => {
    const { waitsMs, names } = turn({
      compareResourceGroup: comparison([suspect(kind)]),
      lookAgain: { settlements: [], failed: [] },
    });
    expect(names).toEqual(['compareResourceGroup', 'lookAgain']);
    expect(waitsMs).toEqual(expected);
  });
});

describe('what fails', () => {
  test('for the moment is tried again: a comparison after what ARM asks for', () => {
    const failing = { found: 'failure', failure: throttled, retryAfterMs: 17_000 };
    const { waitsMs, report } = turn({
      compareResourceGroup: (_input, count) => (count < 3 ? failing : comparison([])),
    });
    expect(waitsMs).toEqual([17_000, 17_000, 20_000]);
    expect(report).toMatchObject({ comparedCount: 3, failedCount: 0 });
  });

  test('for good leaves the resource group to the next reconciliation, and the others are compared', () => {
    const failing = { found: 'failure', failure: throttled };
    const { next, report, names } = turn({ compareResourceGroup: failing });
    expect(names).toHaveLength(4);
    expect(next.soFar?.cursor).toEqual(onlyLobbies);
    expect(report?.failed).toEqual([{ resourceGroup: 'Games', containerGroupName: '*', failure: throttled }]);
  });

  test('is not tried again when nobody but an operator can mend it', () => {
    const failure = { code: 'notAuthorized', message: 'ARM answered 403.' };
    const { names } = turn({ compareResourceGroup: { found: 'failure', failure } });
    expect(names).toHaveLength(1);
  });

  test('of a second look is looked at again, and that alone', () => {
    const other = { ...suspect('moved'), containerGroupName: 'game-2' };
    const { asked, waitsMs, report } = turn({
      compareResourceGroup: comparison([suspect('moved'), other]),
      lookAgain: (_input, count) => ({
        settlements: count === 0 ? [{ do: 'recordAbsence', ...of }] : [],
        failed: [{ ...other, failure: count < 2 ? throttled : { code: 'internal', message: 'It broke.' } }],
      }),
      'entity.recordAbsence': changed,
    });
    expect(asked.filter(({ name }) => name === 'lookAgain').map(({ input }) => input)).toMatchObject([
      { suspects: [{}, {}] },
      { suspects: [{ containerGroupName: 'game-2' }] },
      { suspects: [{ containerGroupName: 'game-2' }] },
    ]);
    expect(waitsMs).toEqual([5_000, 10_000]);
    expect(report).toMatchObject({
      ghostCount: 1,
      failed: [{ containerGroupName: 'game-2', failure: { code: 'internal' } }],
    });
  });

  test('of a second look again and again is given up in this reconciliation', () => {
    const { names, report } = turn({
      compareResourceGroup: comparison([suspect('moved')]),
      lookAgain: { settlements: [], failed: [{ ...suspect('moved'), failure: throttled }] },
    });
    expect(names.filter((name) => name === 'lookAgain')).toHaveLength(4);
    expect(report).toMatchObject({ failedCount: 1 });
  });

  test('breaks the settlements of a resource group, and the next one is compared', () => {
    const { next, report } = turn({
      compareResourceGroup: comparison([suspect('moved')]),
      lookAgain: () => {
        throw new Error('The store does not answer.');
      },
    });
    expect(next.soFar?.cursor).toEqual(onlyLobbies);
    expect(report?.failed).toMatchObject([{ containerGroupName: '*', failure: { code: 'internal' } }]);
  });

  test('breaks one settlement, and the others are settled all the same', () => {
    const { report } = turn({
      ...settling({ do: 'tag', ...of }, { do: 'recordEndpoint', ...of, endpoint: running.endpoint }),
      tagContainerGroup: () => {
        throw new Error('The store does not answer.');
      },
      'entity.recordEndpoint': changed,
    });
    expect(report).toMatchObject({ driftCount: 1, drifted: [{ ...id, what: 'endpoint' }] });
    expect(report?.failed).toMatchObject([{ ...id, failure: { code: 'internal' } }]);
  });

  test('breaks the comparison of a resource group, and the next one is compared', () => {
    const { next, report } = turn({
      compareResourceGroup: () => {
        throw new Error('The store does not answer.');
      },
    });
    expect(next.soFar?.cursor).toEqual(onlyLobbies);
    expect(report?.failed).toMatchObject([
      { resourceGroup: 'Games', containerGroupName: '*', failure: { code: 'internal' } },
    ]);
  });

  test('breaks a reconciliation that does not know what to compare, and the next one comes after a minute', () => {
    const { next, waitsMs } = turn(
      {
        listResourceGroups: () => {
          throw new Error('The store does not answer.');
        },
      },
      {},
    );
    expect(next).toMatchObject({
      number: 8,
      last: { failed: [{ resourceGroup: '*', failure: { code: 'internal' } }] },
    });
    expect(waitsMs).toEqual([60_000]);
  });
});

describe('a resource group in which too much is missing', () => {
  const heldBack = { absentCount: 6, expectedCount: 7 };
  const withAbsence = { compareResourceGroup: comparison([], { heldBack }) };
  const before = (times: number) => ({ heldBack: [{ resourceGroup: 'games', times, number: 6 }] });
  const compared = { soFar: soFar({ resourceGroups: ['Games'] }) };

  test('is reported, and remembered for the next reconciliation', () => {
    const { next, report } = turn(withAbsence, compared);
    expect(next.heldBack).toEqual([{ resourceGroup: 'games', times: 1, number: 7 }]);
    expect(report?.failed).toMatchObject([
      { resourceGroup: 'Games', containerGroupName: '*', failure: { code: 'massAbsence' } },
    ]);
  });

  test('is compared with how often it was so before', () => {
    const { asked, next } = turn(withAbsence, { ...compared, ...before(2) });
    expect(asked[0]?.input).toMatchObject({ timesHeldBack: 2 });
    expect(next.heldBack).toEqual([{ resourceGroup: 'games', times: 3, number: 7 }]);
  });

  test('is forgotten by a reconciliation that did not find it so', () => {
    const { next } = turn({}, { soFar: soFar({ resourceGroups: [] }), ...before(2) });
    expect(next).toMatchObject({ number: 8, heldBack: [] });
  });

  test('is remembered as it was where a reconciliation could not compare it', () => {
    const failing = { found: 'failure', failure: { code: 'armRefused', message: 'ARM answered 400.' } };
    const { next } = turn({ compareResourceGroup: failing }, { ...compared, ...before(2) });
    expect(next.heldBack).toEqual([{ resourceGroup: 'games', times: 2, number: 7 }]);
  });

  test('is remembered as it was where a reconciliation could compare nothing', () => {
    const listResourceGroupsBroken = (): never => {
      throw new Error('The store does not answer.');
    };
    const { next } = turn({ listResourceGroups: listResourceGroupsBroken }, before(2));
    expect(next).toMatchObject({ number: 8, heldBack: [{ resourceGroup: 'games', times: 2, number: 7 }] });
  });

  test('is forgotten at once where it was compared and not so', () => {
    const { next } = turn({ compareResourceGroup: comparison([]) }, { ...compared, ...before(2) });
    expect(next.heldBack).toEqual([]);
  });
});
