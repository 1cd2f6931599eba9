import { describe, expect, test } from 'vitest';
import type { Settlement, Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { BORN, running } from '../domain/group/group-fixture.ts';
import { changed, comparison, id, of, settling, soFar, suspect, throttled, turn } from './reconciliation-world.ts';

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

describe('tags that Azure refuses', () => {
  const other = { ...of, containerGroupName: 'game-2' };
  const tags: Settlement[] = [
    { do: 'tag', ...of },
    { do: 'tag', ...other },
    { do: 'recordEndpoint', ...other, endpoint: running.endpoint },
  ];
  const refusedWith = (code: string) => ({ ok: false, failure: { code, message: 'ARM answered 403.' } });

  test.each(['notAuthorized', 'tagsRefused'])('are tried once in a resource group, and reported once: %s', (code) => {
    const answers = { ...settling(...tags), tagContainerGroup: refusedWith(code), 'entity.recordEndpoint': changed };
    const { names, report } = turn(answers);
    expect(names.filter((name) => name === 'tagContainerGroup')).toHaveLength(1);
    expect(report).toMatchObject({ failedCount: 1, failed: [{ ...id, failure: { code } }], driftCount: 1 });
  });

  test('are not tried by the turns to come of the same resource group', () => {
    const compareResourceGroup = comparison([suspect('untagged')], { afterName: 'games:game-1' });
    const answers = { ...settling(...tags), compareResourceGroup, 'entity.recordEndpoint': changed };
    const first = turn({ ...answers, tagContainerGroup: refusedWith('notAuthorized') });
    const soFarThen = first.next.soFar;
    expect(soFarThen?.cursor).toMatchObject({ afterName: 'games:game-1', tagsRefused: true });
    const second = turn(answers, soFarThen && { soFar: soFarThen });
    expect(second.names).not.toContain('tagContainerGroup');
    expect(second.next.soFar?.cursor).toMatchObject({ tagsRefused: true });
  });

  test('are not even looked at again by the turns to come, where nothing else differs', () => {
    const cursor = { resourceGroups: ['Games', 'lobbies'], afterName: 'games:game-1', tagsRefused: true as const };
    const looks = (...suspects: Suspect[]) => {
      const answers = { compareResourceGroup: comparison(suspects), lookAgain: { settlements: [], failed: [] } };
      return turn(answers, { soFar: soFar(cursor) }).asked.slice(1);
    };
    expect(looks(suspect('untagged'))).toEqual([]);
    const both: Suspect = { ...of, kinds: ['moved', 'untagged'] };
    expect(looks(suspect('untagged'), both)).toMatchObject([{ name: 'lookAgain', input: { suspects: [both] } }]);
  });

  test('for the moment, or of one resource, say nothing of the others', () => {
    const answers = { ...settling(...tags), 'entity.recordEndpoint': changed };
    const { names } = turn({ ...answers, tagContainerGroup: { ok: false, failure: throttled } });
    expect(names.filter((name) => name === 'tagContainerGroup')).toHaveLength(2);
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
