import { containerGroupEntity, type OperationReply } from '../contracts/container-group.ts';
import { deleteContainerGroupResource } from '../contracts/deletion.ts';
import { lookAgain, tagContainerGroup, type reconcile } from '../contracts/reconciliation.ts';
import { ARM_RETRY, backoffMs } from '../domain/backoff.ts';
import { defined } from '../domain/defined.ts';
import { isRetryable, type Failure } from '../domain/failure.ts';
import { groupKey, type GroupId } from '../domain/group/group-id.ts';
import type { HeldBack } from '../domain/reconcile/mass-absence.ts';
import { addToReconciliation, type Found, type Reconciliation as Report } from '../domain/reconcile/reconciling.ts';
import { secondLookAfterMs, type Settlement, type Suspect } from '../domain/reconcile/settlement.ts';
import { ask, call, delay, type OrchestrationOf, type Step } from '../durable/steps.ts';

type Reconciliation = OrchestrationOf<typeof reconcile>;

/** What fails for the moment is tried so often in a turn; what goes on failing is left to the next reconciliation. */
export const MAX_TRIES = 4;

/** What a reconciliation has come to so far. */
export interface Progress {
  report: Report;
  heldBack: HeldBack[];
}

/**
 * Looks again at the suspects of one resource group, and does what both looks show. Tags that Azure refuses are refused for a whole resource
 * group, by a policy or for want of a right: the refusal is reported once, and answered for the turns to come.
 */
export function* settleDifferences(
  context: Reconciliation,
  progress: Progress,
  suspects: Suspect[],
  wereTagsRefused: true | undefined,
): Step<true | undefined> {
  let tagsRefused = wereTagsRefused;
  const settled = suspects.filter(({ kinds }) => !wereTagsRefused || kinds.some((kind) => kind !== 'untagged'));
  for (const settlement of yield* lookUntilSeen(context, progress, settled)) {
    if (settlement.do !== 'tag' || tagsRefused === undefined) {
      const found = yield* settleOne(context, settlement);
      add(progress, found);
      tagsRefused = settlement.do === 'tag' && found.failed?.some(isRefusal) ? true : tagsRefused;
    }
  }
  return tagsRefused;
}

/** Adds what was found to the report. */
export function add(progress: Progress, found: Found): void {
  progress.report = addToReconciliation(progress.report, found);
}

/** What is reported of something that broke. */
export function broken(error: unknown): Failure {
  const cause = error instanceof Error ? error.message.slice(0, 300) : 'unknown cause';
  return { code: 'internal', message: `The reconciliation broke: ${cause}` };
}

function isRefusal({ failure }: { failure: Failure }): boolean {
  return failure.code === 'notAuthorized' || failure.code === 'tagsRefused';
}

/** The second looks, the first of which waits for its time. */
function* lookUntilSeen(context: Reconciliation, progress: Progress, suspects: Suspect[]): Step<Settlement[]> {
  const { number, last } = context.input;
  const waitMs = secondLookAfterMs(suspects);
  if (waitMs > 0) {
    context.publish({ number, phase: 'lookingAgain', ...defined({ last }) });
    yield* delay(context, waitMs);
  }
  const settlements: Settlement[] = [];
  let rest = suspects;
  for (let attempt = 0; rest.length > 0; attempt += 1) {
    const seen = yield* call(context, lookAgain, { suspects: rest });
    settlements.push(...seen.settlements);
    const isLast = attempt + 1 >= MAX_TRIES;
    const given = seen.failed.filter(({ failure }) => isLast || !isRetryable(failure.code));
    add(progress, { failed: given.map(({ failure, ...suspect }) => ({ ...idOf(suspect), failure })) });
    const again = isLast ? [] : seen.failed.filter(({ failure }) => isRetryable(failure.code));
    rest = again.map(({ failure: _failure, ...suspect }) => suspect);
    if (rest.length > 0) {
      yield* delay(context, backoffMs(ARM_RETRY, attempt));
    }
  }
  return settlements;
}

/** What breaks is told, and the others are settled all the same. */
function* settleOne(context: Reconciliation, settlement: Settlement): Step<Found> {
  try {
    return yield* settle(context, settlement);
  } catch (error) {
    return { failed: [{ ...idOf(settlement), failure: broken(error) }] };
  }
}

/** Does what was decided; what has changed since is refused by whoever is told, and found again if it matters. */
function* settle(context: Reconciliation, settlement: Settlement): Step<Found> {
  const id = idOf(settlement);
  const { incarnation } = settlement;
  const key = groupKey(id);
  const command = { at: context.now(), cause: `reconciliation ${context.input.number}`, incarnation };
  switch (settlement.do) {
    case 'recordAbsence': {
      const reply = yield* ask(context, containerGroupEntity, key, 'recordAbsence', command);
      return whenChanged(reply, { ghosts: [id] });
    }
    case 'recordTagMissing': {
      const reply = yield* ask(context, containerGroupEntity, key, 'recordTagMissing', command);
      return whenChanged(reply, { drifted: [{ ...id, what: 'tagMissing' }] });
    }
    case 'recordEndpoint': {
      const { endpoint } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'recordEndpoint', { ...command, endpoint });
      return whenChanged(reply, { drifted: [{ ...id, what: 'endpoint' }] });
    }
    case 'recordFailure': {
      const { failure } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'recordFailure', { ...command, failure });
      return whenChanged(reply, { drifted: [{ ...id, what: 'failedInAzure' }] });
    }
    case 'restore': {
      const { endpoint } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'restore', { ...command, endpoint });
      return whenChanged(reply, { drifted: [{ ...id, what: 'restored' }] });
    }
    case 'adopt': {
      const { do: _do, wishes, ...facts } = settlement;
      const reply = yield* ask(context, containerGroupEntity, key, 'adopt', { ...command, ...facts, ...wishes });
      return whenChanged(reply, { orphans: [{ ...id, became: 'adopted' }] });
    }
    case 'deleteOrphan': {
      const result = yield* call(context, deleteContainerGroupResource, { ...id, incarnation });
      return result.ok ? { orphans: [{ ...id, became: 'deleted' }] } : { failed: [{ ...id, failure: result.failure }] };
    }
    case 'reportOrphan':
      return { orphans: [{ ...id, became: 'reported', reason: settlement.reason }] };
    case 'tag': {
      const { do: _do, ...group } = settlement;
      const result = yield* call(context, tagContainerGroup, group);
      if (!result.ok) {
        return { failed: [{ ...id, failure: result.failure }] };
      }
      return result.tagged ? { drifted: [{ ...id, what: 'tagsSet' }] } : {};
    }
  }
}

function whenChanged({ outcome }: OperationReply, found: Found): Found {
  return outcome === 'changed' ? found : {};
}

function idOf({ resourceGroup, containerGroupName }: GroupId): GroupId {
  return { resourceGroup, containerGroupName };
}
