import { describe, expect, test } from 'vitest';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { elapsedMs, type Instant } from '../../../src/domain/time.ts';
import { beingDeleted, BORN } from '../domain/group/group-fixture.ts';
import { begun, deleted, incarnation, input, remove, unknownGroup } from './deletion-world.ts';
import type { Answer } from './drive.ts';

describe('a deletion of a group that is being provisioned', () => {
  test('waits for the provisioning to end before it calls ARM, ever more rarely', () => {
    const wakeProvisioning: Answer = (_input, count) => ({ running: count < 4 });
    const { names, waitsMs, output, published } = remove({ wakeProvisioning });
    expect(names.indexOf('deleteContainerGroupResource')).toBeGreaterThan(names.lastIndexOf('wakeProvisioning'));
    expect(waitsMs).toEqual([1_000, 1_500, 2_250]);
    expect(published[0]).toEqual({ phase: 'cancelling' });
    expect(output).toEqual(deleted);
  });

  test('terminates a provisioning that does not end for three minutes, and goes on as after one that was terminated', () => {
    const { endpoint: _endpoint, ...neverShown } = beingDeleted;
    let terminatedAt: Instant | undefined;
    const { names, asked, output, endedAt, continuedWith } = remove(
      {
        'entity.beginDelete': { ...begun, group: toListItem(neverShown) },
        wakeProvisioning: () =>
          terminatedAt === undefined
            ? { running: true }
            : { running: false, ended: { at: terminatedAt, isOrderly: false } },
        terminateProvisioning: (_input, _count, at) => {
          terminatedAt = at;
          return {};
        },
      },
      undefined,
      { waitPolicy: { ...input.waitPolicy, deadlineMs: 1_800_000 } },
    );
    expect(continuedWith).toBeUndefined();
    expect(output).toEqual(deleted);
    expect(asked.find(({ name }) => name === 'terminateProvisioning')?.input).toEqual({
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      incarnation,
    });
    expect(names.filter((name) => name === 'terminateProvisioning')).toHaveLength(1);
    const patienceMs = elapsedMs(BORN, terminatedAt ?? BORN);
    expect(patienceMs).toBeGreaterThanOrEqual(180_000);
    expect(patienceMs).toBeLessThan(215_000);
    expect(elapsedMs(terminatedAt ?? BORN, endedAt)).toBeGreaterThanOrEqual(376_000);
  });

  test('terminates it in the first half of a short deadline', () => {
    let isTerminated = false;
    const { output } = remove(
      {
        wakeProvisioning: () => ({ running: !isTerminated }),
        terminateProvisioning: () => {
          isTerminated = true;
          return {};
        },
      },
      undefined,
      { waitPolicy: { ...input.waitPolicy, deadlineMs: 10_000 } },
    );
    expect(output).toEqual(deleted);
  });

  test('asks again while the entity is only about to be', () => {
    const wakeProvisioning: Answer = (_input, count) => ({ running: count < 2 });
    const beginDelete: Answer = (_input, count) => (count === 0 ? unknownGroup : begun);
    const { names, output } = remove({ wakeProvisioning, 'entity.beginDelete': beginDelete });
    expect(names.filter((name) => name === 'entity.beginDelete')).toHaveLength(2);
    expect(output).toEqual(deleted);
  });

  test.each([
    ['the entity never appears', unknownGroup],
    ['the provisioning never ends', begun],
  ])('gives up at its deadline when %s', (_, beginDelete) => {
    const answers = { wakeProvisioning: { running: true }, 'entity.beginDelete': beginDelete };
    const { output, endedAt, names } = remove(answers);
    expect(output).toMatchObject({ ok: false, failure: { code: 'deletionUnderWay' } });
    expect(elapsedMs(BORN, endedAt)).toBe(input.waitPolicy.deadlineMs);
    expect(names).not.toContain('entity.finishDelete');
  });
});
