import { describe, expect, test } from 'vitest';
import { ABSENCE_CERTAIN_AFTER_MS } from '../../../src/domain/group/absence.ts';
import type { ContainerGroup } from '../../../src/domain/group/container-group.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { tagMissing } from '../../../src/domain/group/ownership.ts';
import { addMs, elapsedMs } from '../../../src/domain/time.ts';
import { beingDeleted, BORN, marked, silent, vanished } from '../domain/group/group-fixture.ts';
import { begun, deleted, incarnation, input, remove, unknownGroup } from './deletion-world.ts';
import type { Answer } from './drive.ts';

describe('a deletion', () => {
  test('has no more seats sold, asks the entity, then ARM, and the entity goes last', () => {
    const { names, output, asked } = remove();
    expect(names).toEqual([
      'wakeProvisioning',
      'closeSeats',
      'entity.beginDelete',
      'confirmDeletion',
      'wakeProvisioning',
      'deleteContainerGroupResource',
      'entity.finishDelete',
    ]);
    expect(output).toEqual(deleted);
    const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
    const command = { at: BORN, mode: 'graceful', sessionsStaleAfterMs: 60_000, cause: 'sweep 1' };
    expect(asked[1]?.input).toEqual({ ...id, mode: 'graceful', closingId: `sweep 1 ${BORN}` });
    expect(asked[2]?.input).toEqual({ ...command, incarnation });
    expect(asked[3]?.input).toEqual({ ...id, incarnation });
    expect(asked[5]?.input).toMatchObject({ incarnation });
  });

  test('that the entity refuses touches nothing', () => {
    const refusal = { code: 'sessionsActive', message: 'game-1 has 1 active sessions.' };
    const answer = { outcome: 'refused', group: toListItem(marked), incarnation, refusal };
    const { names, output, asked } = remove({ 'entity.beginDelete': answer });
    expect(names).toEqual(['wakeProvisioning', 'closeSeats', 'entity.beginDelete', 'openSeats']);
    const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
    expect(asked.at(-1)?.input).toEqual({ ...id, incarnation, closingId: `sweep 1 ${BORN}` });
    expect(output).toEqual({ ok: false, failure: refusal });
  });

  test('whose answer was lost with its state touches nothing when the entity refuses it then', () => {
    const refusal = { code: 'sessionsActive', message: 'game-1 has 1 active sessions.' };
    const answer = { outcome: 'refused', group: toListItem(marked), incarnation, refusal };
    const beginDelete: Answer = (_input, count) => (count === 0 ? begun : answer);
    const { names, output } = remove({ 'entity.beginDelete': beginDelete, confirmDeletion: { isBegun: false } });
    expect(names.filter((name) => name === 'entity.beginDelete')).toHaveLength(2);
    expect(names).not.toContain('deleteContainerGroupResource');
    expect(output).toEqual({ ok: false, failure: refusal });
  });

  test('asks again until its beginning is committed, ever more rarely', () => {
    const confirmDeletion: Answer = (_input, count) => ({ isBegun: count === 3 });
    const { names, waitsMs, output } = remove({ confirmDeletion });
    expect(waitsMs).toEqual([1_000, 2_000, 4_000]);
    expect(names.filter((name) => name === 'deleteContainerGroupResource')).toHaveLength(1);
    expect(output).toEqual(deleted);
  });

  test('that is never committed is given up at its deadline, and left to the next sweep', () => {
    const { names, output } = remove({ confirmDeletion: { isBegun: false } });
    expect(output).toMatchObject({ ok: false, failure: { code: 'deletionUnderWay' } });
    expect(names).not.toContain('deleteContainerGroupResource');
  });

  test('of a group that is gone is a success', () => {
    const { names, output } = remove({ 'entity.beginDelete': unknownGroup });
    expect(output).toEqual(deleted);
    expect(names).not.toContain('deleteContainerGroupResource');
  });

  test('that was begun before goes on where it stopped', () => {
    const { names, output } = remove({ 'entity.beginDelete': { ...begun, outcome: 'unchanged' } });
    expect(output).toEqual(deleted);
    expect(names).toContain('deleteContainerGroupResource');
  });
});

describe('a deletion that was asked for when an earlier group had the name', () => {
  const refusal = { code: 'otherIncarnation', message: 'game-1 has been created anew since.' };
  const later = { outcome: 'refused', group: toListItem(marked), incarnation: 'second', refusal };

  test('names the group that it is about to the entity', () => {
    const { asked } = removeFirst({});
    expect(asked[1]).toMatchObject({ name: 'closeSeats', input: { incarnation: 'first' } });
    expect(asked[2]).toMatchObject({ name: 'entity.beginDelete', input: { incarnation: 'first' } });
  });

  test('finds its group gone, and leaves the later one alone', () => {
    const { names, output } = removeFirst({ 'entity.beginDelete': later });
    expect(output).toEqual(deleted);
    expect(names).toEqual(['wakeProvisioning', 'closeSeats', 'entity.beginDelete']);
  });

  test('leaves the later one alone that appears while it waits for the provisioning', () => {
    const beginDelete: Answer = (_input, count) => (count < 2 ? unknownGroup : later);
    const { names, output } = removeFirst({ wakeProvisioning: { running: true }, 'entity.beginDelete': beginDelete });
    expect(output).toEqual(deleted);
    expect(names).not.toContain('deleteContainerGroupResource');
  });

  function removeFirst(answers: Record<string, Answer>) {
    return remove(answers, undefined, { incarnation });
  }
});

describe('a deletion of a resource that does not say whose it is', () => {
  const failure = tagMissing(incarnation);
  const unmarked = { ok: false, failure };

  test('ends at once, with the failure that the group shows then', () => {
    const group = toListItem(beingDeleted);
    const { names, output, waitsMs, asked } = remove({
      deleteContainerGroupResource: unmarked,
      'entity.recordTagMissing': { outcome: 'changed', group, incarnation },
    });
    expect(output).toEqual({ ok: false, failure });
    expect(names.at(-1)).toBe('entity.recordTagMissing');
    expect(asked.at(-1)?.input).toEqual({ at: BORN, incarnation, cause: 'sweep 1' });
    expect(waitsMs).toEqual([]);
  });

  test('is done when the group had left nothing in Azure', () => {
    const { output } = remove({
      deleteContainerGroupResource: unmarked,
      'entity.recordTagMissing': { outcome: 'changed' },
    });
    expect(output).toEqual(deleted);
  });
});

describe('a deletion of a group that Azure had said is gone', () => {
  const gone = { ...vanished, deletion: { requestedAt: BORN, cause: 'sweep 1' } };
  const notGone = { ok: false, failure: { code: 'notGone', message: 'It is there.' } };
  const throttled = { ok: false, failure: { code: 'throttled', message: 'ARM answered 429.' }, retryAfterMs: 25_000 };
  const found = (group: ContainerGroup) => ({ 'entity.beginDelete': { ...begun, group: toListItem(group) } });
  const hasLooked = (given: unknown) => typeof given === 'object' && given !== null && 'absenceSeen' in given;
  const refusal = { outcome: 'refused', group: toListItem(vanished), incarnation, refusal: notGone.failure };
  /** Neither book nor entity does anything before they are told that somebody has looked. */
  const closeSeats: Answer = (given) => ({ outcome: hasLooked(given) ? 'closed' : 'absenceNotSeen', incarnation });
  const beginDelete: Answer = (given) => (hasLooked(given) ? { ...begun, group: toListItem(gone) } : refusal);
  const asked = { closeSeats, 'entity.beginDelete': beginDelete };
  const askedOfArm = (answers: Record<string, Answer>, change: Partial<typeof input> = {}) =>
    remove(answers, undefined, change).asked.find(({ name }) => name === 'deleteContainerGroupResource')?.input;

  test('begins only once it is seen to be gone, and deletes nothing', () => {
    const run = remove(asked);
    expect(run.names).toEqual([
      'wakeProvisioning',
      'closeSeats',
      'deleteContainerGroupResource',
      'wakeProvisioning',
      'closeSeats',
      'entity.beginDelete',
      'confirmDeletion',
      'wakeProvisioning',
      'deleteContainerGroupResource',
      'entity.finishDelete',
    ]);
    const looks = run.asked.filter(({ name }) => name === 'deleteContainerGroupResource');
    for (const { input: look } of looks) expect(look).toMatchObject({ incarnation, onlyIfAbsent: true });
    expect(run.output).toEqual(deleted);
  });

  test.each(['notGone', 'tagMissing'])('begins not at all when it is there after all: %s', (code) => {
    const answer = { ok: false, failure: { code, message: 'It is there.' } };
    const { output, names, waitsMs } = remove({ ...asked, deleteContainerGroupResource: answer });
    expect(output).toEqual(answer);
    expect(names).toEqual(['wakeProvisioning', 'closeSeats', 'deleteContainerGroupResource']);
    expect(waitsMs).toEqual([]);
  });

  test('looks again where ARM does not tell for the moment, and waits for what somebody else deletes', () => {
    const answers = [throttled, { ok: true, gone: false }];
    const { output, waitsMs } = remove({
      ...asked,
      deleteContainerGroupResource: () => answers.shift() ?? { ok: true, gone: true },
    });
    expect(waitsMs).toEqual([25_000, 10_000]);
    expect(output).toEqual(deleted);
  });

  test('is left to the next sweep at its deadline', () => {
    const { output, names } = remove({ ...asked, deleteContainerGroupResource: throttled });
    expect(output).toEqual({ ok: false, failure: throttled.failure });
    expect(names).not.toContain('confirmDeletion');
  });

  test('that is refused in spite of a look ends so, and its seats are sold again', () => {
    const { output, names } = remove({ 'entity.beginDelete': refusal });
    expect(output).toEqual(notGone);
    expect(names).toContain('openSeats');
  });

  test('and that had begun deletes nothing by a sweep, and ends at once when it is there after all', () => {
    expect(askedOfArm(found(gone))).toMatchObject({ onlyIfAbsent: true });
    const { output, names, waitsMs } = remove({ ...found(gone), deleteContainerGroupResource: notGone });
    expect(output).toEqual(notGone);
    expect(names).not.toContain('entity.finishDelete');
    expect(waitsMs).toEqual([]);
  });

  test('deletes what is there when a person asks for it, or when it never ran', () => {
    expect(askedOfArm(found(gone), { mode: 'force' })).not.toHaveProperty('onlyIfAbsent');
    const { endpoint: _, ...neverRan } = gone;
    expect(askedOfArm(found(neverRan))).not.toHaveProperty('onlyIfAbsent');
    expect(askedOfArm(found(silent))).not.toHaveProperty('onlyIfAbsent');
  });
});

describe('a deletion of a group that ARM has never shown', () => {
  const { endpoint: _endpoint, ...neverShown } = beingDeleted;
  const endedAt = (ms: number, isOrderly = true): Record<string, Answer> => ({
    'entity.beginDelete': { ...begun, group: toListItem({ ...neverShown, createdAt: addMs(BORN, -86_400_000) }) },
    wakeProvisioning: { running: false, ended: { at: addMs(BORN, ms), isOrderly } },
  });
  const young = endedAt(0);

  test('takes no 404 for a proof soon after its provisioning ended, however old the group is, and asks again', () => {
    const { waitsMs, names, output } = remove(young);
    // Its end is told to the second.
    expect(waitsMs).toEqual([ABSENCE_CERTAIN_AFTER_MS + 1_000]);
    expect(names.filter((name) => name === 'deleteContainerGroupResource')).toHaveLength(2);
    expect(output).toEqual(deleted);
  });

  test('takes it for one at once when its provisioning ended long ago', () => {
    expect(remove(endedAt(-16_000)).waitsMs).toEqual([]);
  });

  test('waits longer after a provisioning that was terminated, whose last call to ARM may still be on its way', () => {
    expect(remove(endedAt(0, false)).waitsMs).toEqual([376_000]);
  });

  test('counts from its own beginning when nobody knows the provisioning any more', () => {
    const { waitsMs } = remove({ ...young, wakeProvisioning: { running: false } });
    expect(waitsMs).toEqual([ABSENCE_CERTAIN_AFTER_MS]);
  });

  test('deletes what shows up after the first 404', () => {
    const answers = [
      { ok: true, gone: true },
      { ok: true, gone: false },
    ];
    const deleteContainerGroupResource: Answer = () => answers.shift() ?? { ok: true, gone: true };
    const { names, output } = remove({ ...young, deleteContainerGroupResource });
    expect(names.filter((name) => name === 'deleteContainerGroupResource')).toHaveLength(3);
    expect(output).toEqual(deleted);
  });
});

describe('a deletion that ARM works on', () => {
  const working: Answer = { ok: true, gone: false };
  const failure = { code: 'transitioning', message: 'ARM answered 409.' };

  test('is looked at until the resource is gone, ever more rarely', () => {
    const deleteContainerGroupResource: Answer = (_input, count) => ({ ok: true, gone: count === 2 });
    const { waitsMs, output } = remove({ deleteContainerGroupResource });
    expect(waitsMs).toEqual([10_000, 15_000]);
    expect(output).toEqual(deleted);
  });

  test('is looked at at once when an event says so, and leaves no timer behind', () => {
    const deleteContainerGroupResource: Answer = (_input, count) => ({ ok: true, gone: count === 1 });
    const { waitsMs, openTimers } = remove({ deleteContainerGroupResource }, () => true);
    expect(waitsMs).toEqual([0]);
    expect(openTimers).toBe(0);
  });

  test('is tried again when ARM refuses for now, after the wait that it asks for', () => {
    const deleteContainerGroupResource: Answer = (_input, count) =>
      count === 0 ? { ok: false, failure, retryAfterMs: 25_000 } : { ok: true, gone: true };
    const { waitsMs, published, output } = remove({ deleteContainerGroupResource });
    expect(waitsMs).toEqual([25_000]);
    expect(published).toContainEqual({ phase: 'deleting', retrying: failure });
    expect(output).toEqual(deleted);
  });

  test('is left to the next sweep at its deadline, with the group still known', () => {
    const { output, names } = remove({ deleteContainerGroupResource: working });
    expect(output).toMatchObject({ ok: false, failure: { code: 'deletionUnderWay' } });
    expect(names).not.toContain('entity.finishDelete');
  });

  test('never waits beyond its deadline, however long ARM asks for', () => {
    const { endedAt, output } = remove({
      deleteContainerGroupResource: { ok: false, failure, retryAfterMs: 86_400_000 },
    });
    expect(elapsedMs(BORN, endedAt)).toBe(input.waitPolicy.deadlineMs);
    expect(output).toEqual({ ok: false, failure });
  });

  test("ends with ARM's reason when it was refused until the deadline", () => {
    expect(remove({ deleteContainerGroupResource: { ok: false, failure } }).output).toEqual({ ok: false, failure });
  });
});
