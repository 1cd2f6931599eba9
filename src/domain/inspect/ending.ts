import { defined } from '../defined.ts';
import type { Failure } from '../failure.ts';
import type { CommandInput } from '../group/group-command.ts';
import { elapsedMs, type Instant } from '../time.ts';
import type { InspectedContainer, InspectedResource } from './inspected-resource.ts';
import { describeRunEnd } from './run-end-text.ts';

/** That containers of a group have ended for good, or keep ending. */
export type Ending = NonNullable<CommandInput<'recordInspection'>['ending']>;

/** So many ends within the window are no accident any more: whoever plays there is thrown out again and again. */
const ENDS_OF_A_LOOP = 3;

/** What is known beside what a look shows. */
export interface KnownOfEnding {
  at: Instant;
  /** How often each container was restarted within the window, by its name. */
  restarts: ReadonlyMap<string, number>;
  /** When an earlier look found that a container of the group had ended; absent where none did. */
  endSeenAt?: Instant;
}

/**
 * The end of a group's containers, by its restart policy: `Never` leaves one ended, `OnFailure` one that ended in order, `Always` none; and one
 * that is restarted again and again has failed all the same. After another exit code than 0 Azure may start one again whatever the policy
 * (https://learn.microsoft.com/azure/container-instances/container-instances-restart-policy): that is for good once a later look shows it as well.
 */
export function findEnding(seen: InspectedResource, known: KnownOfEnding): Ending | undefined {
  const over = seen.containers.filter((container) => isOver(container, seen));
  const crashed = over.find(hasCrashed);
  const worst = crashed ?? over[0];
  if (worst !== undefined && over.length === seen.containers.length) {
    return explainAllOver(worst, seen, known);
  }
  if (crashed !== undefined) {
    return { ...explainEnd(crashed, seen), container: toEnd(crashed) };
  }
  const looping = seen.containers.find((each) => isLooping(each, seen, known));
  return looping && explainLoop(looping);
}

/** What was restarted runs again within that, or shows that it does not. */
const SURE_AFTER_MS = 60_000;

function explainAllOver(worst: InspectedContainer, seen: InspectedResource, { at, endSeenAt }: KnownOfEnding): Ending {
  const container = toEnd(worst);
  const isOrderly = seen.containers.every(({ lastEnd }) => lastEnd?.exitCode === 0);
  if (isOrderly || seen.groupState === 'Stopped') {
    return { ...explainEnd(worst, seen), container, allEnded: true };
  }
  if (endSeenAt === undefined || elapsedMs(endSeenAt, at) < SURE_AFTER_MS) {
    return { ...explainEnd(worst, seen), container };
  }
  const message = explainAll(worst);
  return { event: 'ended', failure: hasCrashed(worst) ? crash(message) : exit(message), container, allEnded: true };
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

/**
 * The longest back-off of the container runtime (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#restart-policy): what has run for longer
 * than it would wait has got over its crashes.
 */
const LONGEST_BACK_OFF_MS = 300_000;

/** A wait in the back-off comes after one more end than there were restarts. A server that ends in order again and again may be meant so. */
function isLooping(
  container: InspectedContainer,
  { restartPolicy }: InspectedResource,
  { restarts, at }: KnownOfEnding,
): boolean {
  const { runningSince } = container;
  if (runningSince !== undefined && elapsedMs(runningSince, at) >= LONGEST_BACK_OFF_MS) {
    return false;
  }
  const endsSeen = (restarts.get(container.name) ?? 0) + (isBackingOff(container) ? 1 : 0);
  return restartPolicy !== 'Never' && hasCrashed(container) && endsSeen >= ENDS_OF_A_LOOP;
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
  return hasCrashed(container)
    ? {
        event: 'crashed',
        failure: crash(`${describeEnd(container)}, and restartPolicy ${restartPolicy} leaves it so.`),
      }
    : { event: 'ended', failure: exit(explainAll(container)) };
}

function explainAll(container: InspectedContainer): string {
  return `All containers of the group have ended: ${describeEnd(container)}.`;
}

function describeEnd(container: InspectedContainer): string {
  return `${container.name} ended ${describeLastEnd(container)}`;
}

function describeLastEnd({ lastEnd = {} }: InspectedContainer): string {
  return describeRunEnd(lastEnd);
}

function explainLoop(looping: InspectedContainer): Ending {
  const container = toEnd(looping);
  const lastEnd = describeLastEnd(looping);
  const message = `${looping.name} keeps ending, the last time ${lastEnd}; Azure restarted it ${container.restartCount} times.`;
  return { event: 'crashLoop', failure: crash(message), container };
}

function toEnd({ name, lastEnd, restartCount = 0 }: InspectedContainer): Ending['container'] {
  return { containerName: name, ...defined({ exitCode: lastEnd?.exitCode, reason: lastEnd?.reason }), restartCount };
}

function crash(message: string): Failure {
  return { code: 'containerCrashed', message };
}

function exit(message: string): Failure {
  return { code: 'containersExited', message };
}
