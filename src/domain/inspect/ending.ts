import { defined } from '../defined.ts';
import type { Failure } from '../failure.ts';
import type { CommandInput } from '../group/group-command.ts';
import type { InspectedContainer, InspectedResource } from './inspected-resource.ts';
import { describeRunEnd } from './run-end-text.ts';

/** That containers of a group have ended for good, or keep ending. */
export type Ending = NonNullable<CommandInput<'recordInspection'>['ending']>;

/** So many ends within the window are no accident any more: whoever plays there is thrown out again and again. */
const ENDS_OF_A_LOOP = 3;

/**
 * The end of a group's containers, by its restart policy: `Never` leaves one ended, `OnFailure` one that ended in order, `Always` none; and one
 * that is restarted again and again has failed all the same. `restarts` are those within the window, by the names of containers.
 */
export function findEnding(seen: InspectedResource, restarts: ReadonlyMap<string, number>): Ending | undefined {
  const over = seen.containers.filter((container) => isOver(container, seen));
  const crashed = over.find(hasCrashed);
  const worst = crashed ?? over[0];
  if (worst !== undefined && over.length === seen.containers.length) {
    return { ...explainEnd(worst, seen), container: toEnd(worst), allEnded: true };
  }
  if (crashed !== undefined) {
    return { ...explainEnd(crashed, seen), container: toEnd(crashed) };
  }
  const looping = seen.containers.find((each) => isLooping(each, seen, restarts.get(each.name) ?? 0));
  return looping && { event: 'crashLoop', failure: explainLoop(looping), container: toEnd(looping) };
}

/**
 * States of the whole group in which nothing of it runs any more (https://learn.microsoft.com/azure/container-instances/container-state). They are
 * no more than a help: a group is seen to be Running all of whose containers are Terminated (Azure/ACS issue 127).
 */
const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Whether a container has ended and will not be started again (https://learn.microsoft.com/azure/container-instances/container-instances-restart-policy). */
function isOver(container: InspectedContainer, { restartPolicy, groupState = '' }: InspectedResource): boolean {
  const { state, lastEnd } = container;
  if (groupState === 'Stopped') {
    // Of a group that was stopped ACI may show no instance of a container.
    return state === undefined || state === 'Terminated';
  }
  if (state !== 'Terminated' || restartPolicy === 'Always') {
    return false;
  }
  return restartPolicy === 'Never' || lastEnd?.exitCode === 0 || OVER.has(groupState);
}

function hasCrashed({ lastEnd }: InspectedContainer): boolean {
  return lastEnd?.exitCode !== undefined && lastEnd.exitCode !== 0;
}

/** A wait in the back-off comes after one more end than there were restarts. A server that ends in order again and again may be meant so. */
function isLooping(container: InspectedContainer, { restartPolicy }: InspectedResource, restarts: number): boolean {
  const endsSeen = restarts + (isBackingOff(container) ? 1 : 0);
  return restartPolicy !== 'Never' && container.lastEnd?.exitCode !== 0 && endsSeen >= ENDS_OF_A_LOOP;
}

/** As ACI shows it: `CrashLoopBackOff: Back-off restarting failed` (Praqma/Network-MultiTool issue 25). */
function isBackingOff({ state, detailStatus }: InspectedContainer): boolean {
  return state === 'Waiting' && detailStatus?.startsWith('CrashLoopBackOff') === true;
}

function explainEnd(
  container: InspectedContainer,
  { groupState, restartPolicy }: InspectedResource,
): Pick<Ending, 'event' | 'failure'> {
  if (groupState === 'Stopped') {
    return { event: 'ended', failure: exit('The group was stopped in Azure by somebody else.') };
  }
  const end = `${container.name} ended ${describeRunEnd(container.lastEnd ?? {})}`;
  return hasCrashed(container)
    ? { event: 'crashed', failure: crash(`${end}, and restartPolicy ${restartPolicy} leaves it so.`) }
    : { event: 'ended', failure: exit(`All containers of the group have ended: ${end}.`) };
}

function explainLoop({ name, lastEnd = {}, restartCount }: InspectedContainer): Failure {
  return crash(
    `${name} keeps ending, the last time ${describeRunEnd(lastEnd)}; Azure restarted it ${restartCount} times.`,
  );
}

function toEnd({ name, lastEnd, restartCount }: InspectedContainer): Ending['container'] {
  return { containerName: name, ...defined({ exitCode: lastEnd?.exitCode, reason: lastEnd?.reason }), restartCount };
}

function crash(message: string): Failure {
  return { code: 'containerCrashed', message };
}

function exit(message: string): Failure {
  return { code: 'containersExited', message };
}
