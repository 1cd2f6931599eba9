import { describe, expect, test } from 'vitest';
import { reconcile } from '../../../src/contracts/reconciliation.ts';
import type { Reconciling } from '../../../src/domain/reconcile/reconciling.ts';
import { emptyReconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import { SECOND_LOOK_AFTER_MS, type Settlement, type Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { orchestrateReconciliation } from '../../../src/orchestrators/reconcile.ts';
import { BORN, running } from '../domain/group/group-fixture.ts';
import { drive, type Answer } from './drive.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const of = { ...id, incarnation: 'first' };
const empty = emptyReconciliation(7, BORN);
const changed = { outcome: 'changed' };
const throttled = { code: 'throttled', message: 'ARM answered 429.' };
const suspect = (kind: Suspect['kinds'][number]): Suspect => ({ ...of, kinds: [kind] });

function comparison(suspects: Suspect[], more: object = {}) {
  const counts = { comparedCount: 3, foreignCount: 1, orphanCount: 0, orphans: [], driftCount: 0, drifted: [] };
  return { found: 'comparison', resourceGroup: 'Games', ...counts, suspects, ...more };
}

function turn(answers: Record<string, Answer>, soFar?: Reconciling['soFar']) {
  const input = { number: 7, last: emptyReconciliation(6, BORN), ...(soFar && { soFar }) };
  const run = drive(reconcile, orchestrateReconciliation, input, { answers });
  const next = reconcile.input.parse(run.continuedWith);
  return { ...run, next, report: next.soFar?.report ?? next.last, names: run.asked.map(({ name }) => name) };
}

function settling(...settlements: Settlement[]) {
  return { compareResourceGroup: comparison([suspect('moved')]), lookAgain: { settlements, failed: [] } };
}

describe('a turn', () => {
  test('of a resource group that does not differ goes on with the next one', () => {
    const { next, waitsMs, published } = turn({ compareResourceGroup: comparison([]) });
    expect(next).toEqual({
      number: 7,
      last: emptyReconciliation(6, BORN),
      soFar: { report: { ...empty, comparedCount: 3, foreignCount: 1 }, cursor: { resourceGroup: 'games' } },
    });
    expect(waitsMs).toEqual([]);
    expect(published).toMatchObject([{ number: 7, phase: 'comparing' }]);
  });

  test('after the last resource group tells its report, waits for the interval, and begins the next reconciliation', () => {
    const soFar = { report: { ...empty, comparedCount: 3 }, cursor: { resourceGroup: 'games' } };
    const { next, asked, waitsMs, published } = turn(
      { compareResourceGroup: { found: 'nothing', reconcileIntervalMs: 300_000 } },
      soFar,
    );
    expect(asked).toEqual([{ name: 'compareResourceGroup', input: { cursor: soFar.cursor } }]);
    expect(next).toEqual({ number: 8, last: soFar.report });
    expect(waitsMs).toEqual([300_000]);
    expect(published.at(-1)).toEqual({ number: 7, phase: 'waiting', last: soFar.report });
  });

  test('leaves what it cannot settle at once to the next one, which alone counts the comparison', () => {
    const compared = comparison([suspect('moved')], { afterName: 'games:game-1' });
    const { next } = turn({ compareResourceGroup: compared, lookAgain: { settlements: [], failed: [] } });
    expect(next.soFar).toEqual({ report: empty, cursor: { resourceGroup: 'games', afterName: 'games:game-1' } });
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

describe('a settlement', () => {
  const rows: { settlement: Settlement; asks: string; answer?: object; found: object }[] = [
    {
      settlement: { do: 'recordAbsence', ...of },
      asks: 'entity.recordAbsence',
      found: { ghostCount: 1, ghosts: [id] },
    },
    {
      settlement: { do: 'recordTagMissing', ...of },
      asks: 'entity.recordTagMissing',
      found: { driftCount: 1, drifted: [{ ...id, what: 'tagMissing' }] },
    },
    {
      settlement: { do: 'recordEndpoint', ...of, endpoint: running.endpoint },
      asks: 'entity.recordEndpoint',
      found: { drifted: [{ ...id, what: 'endpoint' }] },
    },
    {
      settlement: { do: 'recordFailure', ...of, failure: { code: 'provisioningFailed', message: 'It failed.' } },
      asks: 'entity.recordFailure',
      found: { drifted: [{ ...id, what: 'failedInAzure' }] },
    },
    {
      settlement: { do: 'restore', ...of, endpoint: running.endpoint },
      asks: 'entity.restore',
      found: { drifted: [{ ...id, what: 'restored' }] },
    },
    {
      settlement: { do: 'adopt', ...of, location: 'westeurope', tokenDigest: 'token', endpoint: running.endpoint },
      asks: 'entity.adopt',
      found: { orphanCount: 1, orphans: [{ ...id, became: 'adopted' }] },
    },
    {
      settlement: { do: 'deleteOrphan', ...of },
      asks: 'deleteContainerGroupResource',
      answer: { ok: true, gone: false },
      found: { orphans: [{ ...id, became: 'deleted' }] },
    },
    {
      settlement: { do: 'tag', ...of, wishes: { maxSessions: 8 } },
      asks: 'tagContainerGroup',
      answer: { ok: true, tagged: true },
      found: { drifted: [{ ...id, what: 'tagsSet' }] },
    },
    {
      settlement: { do: 'tag', ...of },
      asks: 'tagContainerGroup',
      answer: { ok: true, tagged: false },
      found: { driftCount: 0, failedCount: 0 },
    },
  ];

  test.each(rows)('$settlement.do is done, and told with the incarnation that was seen', (row) => {
    const { settlement, asks, answer = changed, found } = row;
    const { asked, report } = turn({ ...settling(settlement), [asks]: answer });
    expect(asked.at(-1)).toMatchObject({ name: asks, input: { incarnation: 'first' } });
    expect(report).toMatchObject(found);
  });

  test('names the reconciliation as its cause', () => {
    const { asked } = turn({ ...settling({ do: 'recordAbsence', ...of }), 'entity.recordAbsence': changed });
    expect(asked.at(-1)?.input).toEqual({ at: BORN, cause: 'reconciliation 7', incarnation: 'first' });
  });

  test('that only reports asks nobody', () => {
    const { names, report } = turn(settling({ do: 'reportOrphan', ...of, reason: 'inTransition' }));
    expect(names).toEqual(['compareResourceGroup', 'lookAgain']);
    expect(report).toMatchObject({ orphans: [{ ...id, became: 'reported', reason: 'inTransition' }] });
  });

  test('that came too late is not counted', () => {
    const refused = { outcome: 'refused', refusal: { code: 'otherIncarnation', message: 'It is another one.' } };
    const { report } = turn({ ...settling({ do: 'recordAbsence', ...of }), 'entity.recordAbsence': refused });
    expect(report).toMatchObject({ ghostCount: 0, failedCount: 0 });
  });

  test.each(['deleteOrphan', 'tag'] as const)('%s that ARM refuses is reported', (what) => {
    const refusal = { ok: false, failure: throttled };
    const answers = { deleteContainerGroupResource: refusal, tagContainerGroup: refusal };
    const { report } = turn({ ...settling({ do: what, ...of }), ...answers });
    expect(report).toMatchObject({ failedCount: 1, failed: [{ ...id, failure: throttled }] });
  });
});

describe('what fails', () => {
  test('for the moment is tried again: a comparison after what ARM asks for', () => {
    const failing = { found: 'failure', resourceGroup: 'Games', failure: throttled, retryAfterMs: 17_000 };
    const { waitsMs, report } = turn({
      compareResourceGroup: (_input, count) => (count < 3 ? failing : comparison([])),
    });
    expect(waitsMs).toEqual([17_000, 17_000, 20_000]);
    expect(report).toMatchObject({ comparedCount: 3, failedCount: 0 });
  });

  test('for good leaves the resource group to the next reconciliation, and the others are compared', () => {
    const failing = { found: 'failure', resourceGroup: 'Games', failure: throttled };
    const { next, report, names } = turn({ compareResourceGroup: failing });
    expect(names).toHaveLength(4);
    expect(next.soFar?.cursor).toEqual({ resourceGroup: 'games' });
    expect(report?.failed).toEqual([{ resourceGroup: 'Games', containerGroupName: '*', failure: throttled }]);
  });

  test('is not tried again when nobody but an operator can mend it', () => {
    const failure = { code: 'notAuthorized', message: 'ARM answered 403.' };
    const { names } = turn({ compareResourceGroup: { found: 'failure', resourceGroup: 'Games', failure } });
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
    expect(next.soFar?.cursor).toEqual({ resourceGroup: 'games' });
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

  test('breaks a reconciliation, and the next one comes after a minute', () => {
    const { next, waitsMs } = turn({
      compareResourceGroup: () => {
        throw new Error('The store does not answer.');
      },
    });
    expect(next).toMatchObject({
      number: 8,
      last: { failed: [{ resourceGroup: '*', failure: { code: 'internal' } }] },
    });
    expect(waitsMs).toEqual([60_000]);
  });
});

test('a turn that settles as much as there may be keeps a short history', () => {
  const suspects = Array.from({ length: 50 }, (_, index) => ({
    ...suspect('moved'),
    containerGroupName: `game-${index}`,
  }));
  const settlements = suspects.flatMap(({ kinds: _kinds, ...each }): Settlement[] => [
    { do: 'recordEndpoint', ...each, endpoint: running.endpoint },
    { do: 'tag', ...each },
  ]);
  const { historyLengths } = turn({
    compareResourceGroup: comparison(suspects),
    lookAgain: { settlements, failed: [] },
    'entity.recordEndpoint': changed,
    tagContainerGroup: { ok: true, tagged: true },
  });
  expect(Math.max(...historyLengths)).toBeLessThan(450);
});
