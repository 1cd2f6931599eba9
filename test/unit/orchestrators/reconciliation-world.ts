import { reconcile } from '../../../src/contracts/reconciliation.ts';
import { emptyReconciliation, type Cursor, type Reconciling } from '../../../src/domain/reconcile/reconciling.ts';
import type { Settlement, Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { orchestrateReconciliation } from '../../../src/orchestrators/reconcile.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { drive, type Answer } from './drive.ts';

/** The group that these tests are about. */
export const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
/** The same, with its incarnation. */
export const of = { ...id, incarnation: 'first' };
/** The report of a reconciliation that has compared nothing yet. */
export const empty = emptyReconciliation(7, BORN);
/** The answer of an entity that did what it was told. */
export const changed = { outcome: 'changed' };
/** A failure that goes away. */
export const throttled = { code: 'throttled', message: 'ARM answered 429.' };
/** The group, suspected of this. */
export const suspect = (kind: Suspect['kinds'][number]): Suspect => ({ ...of, kinds: [kind] });

/** What a comparison answers. */
export function comparison(suspects: Suspect[], more: object = {}) {
  const counts = { comparedCount: 3, foreignCount: 1, orphanCount: 0, orphans: [], driftCount: 0, drifted: [] };
  return { found: 'comparison', ...counts, suspects, ...more };
}

/** How far a reconciliation is that has still this to compare. */
export const soFar = (cursor: Cursor) => ({ report: empty, reconcileIntervalMs: 300_000, cursor });
/** What the list of resource groups answers. */
export const listResourceGroups = { resourceGroups: ['Games', 'lobbies'], reconcileIntervalMs: 300_000 };
/** What is left of it after the first one. */
export const onlyLobbies = { resourceGroups: ['lobbies'] };

const twoLeft = { soFar: soFar({ resourceGroups: ['Games', 'lobbies'] }) };

/** Runs a turn of a reconciliation that has two resource groups left, unless told otherwise. */
export function turn(answers: Record<string, Answer>, more: Partial<Reconciling> = twoLeft) {
  const input = { number: 7, last: emptyReconciliation(6, BORN), ...more };
  const run = drive(reconcile, orchestrateReconciliation, input, { answers });
  const next = reconcile.input.parse(run.continuedWith);
  return { ...run, next, report: next.soFar?.report ?? next.last, names: run.asked.map(({ name }) => name) };
}

/** Answers that lead to these settlements. */
export function settling(...settlements: Settlement[]) {
  return { compareResourceGroup: comparison([suspect('moved')]), lookAgain: { settlements, failed: [] } };
}
