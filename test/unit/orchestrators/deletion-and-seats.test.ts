import { describe, expect, test } from 'vitest';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { marked } from '../domain/group/group-fixture.ts';
import { deleted, incarnation, remove } from './deletion-world.ts';
import type { Answer } from './drive.ts';

describe('a deletion', () => {
  test('that a leased seat keeps from beginning touches nothing', () => {
    const failure = { code: 'seatsLeased', message: 'One is leased.' };
    const { names, output } = remove({ closeSeats: { outcome: 'refused', failure } });
    expect(names).toEqual(['wakeProvisioning', 'closeSeats']);
    expect(output).toEqual({ ok: false, failure });
  });

  test('asks the book until it has said that it sells no more, ever more rarely', () => {
    const closeSeats: Answer = (_input, count) =>
      count < 3 ? { outcome: 'pending', incarnation } : { outcome: 'closed', incarnation };
    const { names, waitsMs, output } = remove({ closeSeats });
    expect(waitsMs).toEqual([1_000, 2_000, 4_000]);
    expect(names.filter((name) => name === 'entity.beginDelete')).toHaveLength(1);
    expect(output).toEqual(deleted);
  });

  test('whose book says nothing is given up at its deadline, opened again in case it was late, and left to the next sweep', () => {
    const { names, output } = remove({ closeSeats: { outcome: 'pending', incarnation } });
    expect(names.slice(-2)).toEqual(['closeSeats', 'openSeats']);
    expect(output).toMatchObject({ ok: false, failure: { code: 'deletionUnderWay' } });
    expect(names).not.toContain('entity.beginDelete');
  });

  test('of a group that no book can sell goes on without one', () => {
    const refusal = { code: 'sessionsActive', message: 'game-1 has 1 active sessions.' };
    const answer = { outcome: 'refused', group: toListItem(marked), incarnation, refusal };
    expect(remove({ closeSeats: { outcome: 'nothing' } }).output).toEqual(deleted);
    const { names } = remove({ closeSeats: { outcome: 'nothing' }, 'entity.beginDelete': answer });
    expect(names).not.toContain('openSeats');
  });
});
