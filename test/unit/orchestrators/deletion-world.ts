import type { z } from 'zod';
import { deleteContainerGroup } from '../../../src/contracts/deletion.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { orchestrateDeletion } from '../../../src/orchestrators/delete-container-group.ts';
import { beingDeleted } from '../domain/group/group-fixture.ts';
import { drive, type Answer, type World } from './drive.ts';

/** What a sweep asks for. */
export const input: z.infer<typeof deleteContainerGroup.input> = {
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  mode: 'graceful',
  sessionsStaleAfterMs: 60_000,
  cause: 'sweep 1',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 600_000 },
};

/** The group that is deleted. */
export const incarnation = 'first';
/** The entity's word that the deletion begins. */
export const begun = { outcome: 'changed', group: toListItem(beingDeleted), incarnation };
/** The entity's word that there is no group. */
export const unknownGroup = { outcome: 'refused', refusal: { code: 'unknownGroup', message: 'There is none.' } };
/** The outcome of a deletion that is done. */
export const deleted = { ok: true, deleted: true };

const standard: Record<string, Answer> = {
  wakeProvisioning: { running: false },
  closeSeats: { outcome: 'closed', incarnation },
  openSeats: {},
  terminateProvisioning: {},
  'entity.beginDelete': begun,
  confirmDeletion: { isBegun: true },
  deleteContainerGroupResource: { ok: true, gone: true },
  'entity.finishDelete': { outcome: 'changed' },
};

/** Runs a deletion in a world where all goes well but what these answers say. */
export function remove(
  answers: Record<string, Answer> = {},
  isRaised?: World['isRaised'],
  more: Partial<typeof input> = {},
) {
  const world: World = { answers: { ...standard, ...answers }, ...(isRaised === undefined ? {} : { isRaised }) };
  const run = drive(deleteContainerGroup, orchestrateDeletion, { ...input, ...more }, world);
  return { ...run, names: run.asked.map(({ name }) => name) };
}
