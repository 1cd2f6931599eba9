import type { ContainerGroup, ContainerInstance, InstanceEvent } from '../container-group.ts';
import type { ContainerExit, PlannedStep } from './provisioning-step.ts';
import { decideRestart } from './restart-decision.ts';

/** Containers on a laptop are reached where the laptop is. */
export const LAPTOP_IP = '127.0.0.1';

/** Lets one step happen: changes the group, and may plan more steps. */
export function applyStep(group: ContainerGroup, step: PlannedStep): void {
  switch (step.kind) {
    case 'creating':
      if (group.provisioningState === 'Pending') group.provisioningState = 'Creating';
      if (group.properties.ipAddress) group.ip = step.ip ?? group.ip ?? LAPTOP_IP;
      return;
    case 'succeeded':
      group.provisioningState = 'Succeeded';
      if (group.instanceState === 'Pending') group.instanceState = 'Running';
      return;
    case 'failed':
      group.provisioningState = 'Failed';
      if (step.reason === 'capacity') addEvent(group.events, step.atMs, CAPACITY_EVENT);
      if (step.reason === 'timeout') addEvent(group.events, step.atMs, TIMEOUT_EVENT);
      return;
    case 'pulling':
    case 'pulled':
    case 'pullFailed':
    case 'created':
    case 'started':
    case 'restarted':
    case 'exited':
      applyContainerStep(group, step);
  }
}

/** Notes an event, or that an event happened once more. */
export function addEvent(
  events: InstanceEvent[],
  atMs: number,
  event: Pick<InstanceEvent, 'name' | 'message' | 'type'>,
): void {
  const same = events.find((other) => other.name === event.name && other.message === event.message);
  if (same) {
    same.count += 1;
    same.lastMs = atMs;
  } else {
    events.push({ ...event, count: 1, firstMs: atMs, lastMs: atMs });
  }
}

const CAPACITY_EVENT = {
  name: 'InsufficientCapacity.',
  message: 'Insufficient capacity in the location for the requested resources. Please retry in another location.',
  type: 'Warning',
} as const;

const TIMEOUT_EVENT = {
  name: 'ProvisioningTimedOut',
  message: 'The container group did not become ready within its provisioning time of 1800 seconds.',
  type: 'Warning',
} as const;

type ContainerStep = Extract<PlannedStep, { container: number }>;

function applyContainerStep(group: ContainerGroup, step: ContainerStep): void {
  const instance = group.instances[step.container];
  const body = group.properties.containers?.[step.container];
  if (!instance || !body) {
    throw new Error(`The group ${group.name} has no container ${step.container} for ${step.kind}.`);
  }
  const image = body.properties?.image ?? '';
  const note = (name: string, message: string, type: InstanceEvent['type'] = 'Normal'): void =>
    addEvent(instance.events, step.atMs, { name, message, type });
  switch (step.kind) {
    case 'pulling':
      enter(instance, { state: 'Waiting', detailStatus: '' });
      return note('Pulling', `pulling image "${image}"`);
    case 'pulled':
      return note('Pulled', `Successfully pulled image "${image}"`);
    case 'pullFailed':
      enter(instance, { state: 'Waiting', detailStatus: 'ImagePullBackOff' });
      note(
        'Failed',
        `Failed to pull image "${image}": rpc error: code 2 desc Error: image ${image} not found`,
        'Warning',
      );
      return note('BackOff', `Back-off pulling image "${image}"`);
    case 'created':
      return note('Created', 'Created container');
    case 'started':
    case 'restarted':
      start(group, instance, step);
      return note('Started', 'Started container');
    case 'exited':
      return exit(group, instance, step);
  }
}

/** Puts a container into another state. */
export function enter(instance: ContainerInstance, state: NonNullable<ContainerInstance['currentState']>): void {
  const { currentState, previousState } = instance;
  // The wait between two runs hides the end of the first from nobody (assumed: so it is with `lastState` of Kubernetes,
  // kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus).
  const isWaitAfterEnd = currentState?.state === 'Waiting' && previousState?.state === 'Terminated';
  if (currentState && currentState.state !== state.state && !isWaitAfterEnd) instance.previousState = currentState;
  instance.currentState = state;
}

function start(group: ContainerGroup, instance: ContainerInstance, step: ContainerStep): void {
  enter(instance, { state: 'Running', startMs: step.atMs });
  if (step.kind !== 'restarted') return;
  instance.restartCount += 1;
  if (step.ranMs === undefined) return;
  const atMs = step.atMs + step.ranMs;
  if (step.untilMs === undefined || atMs < step.untilMs) addStep(group, { ...step, kind: 'exited', atMs });
}

function exit(group: ContainerGroup, instance: ContainerInstance, step: ContainerExit & { atMs: number }): void {
  const startMs = instance.currentState?.state === 'Running' ? instance.currentState.startMs : step.atMs;
  const detailStatus = step.detailStatus ?? (step.exitCode === 0 ? 'Completed' : 'Error');
  enter(instance, { state: 'Terminated', startMs, finishMs: step.atMs, exitCode: step.exitCode, detailStatus });
  const { restartsAtOnce, ...planned } = step;
  const { restartPolicy } = group.properties;
  const { shortRuns = instance.restartCount } = instance;
  const ranMs = step.atMs - startMs;
  const restart = decideRestart({ restartPolicy, exitCode: step.exitCode, ranMs, shortRuns });
  if (restart) {
    const backOffMs = restartsAtOnce ? 0 : restart.backOffMs;
    instance.shortRuns = restart.shortRuns;
    enter(instance, {
      state: 'Waiting',
      detailStatus: `CrashLoopBackOff: Back-off ${backOffMs / 1000}s restarting failed container`,
    });
    addStep(group, { ...planned, kind: 'restarted', atMs: step.atMs + backOffMs });
    return;
  }
  const states = group.instances.map((other) => other.currentState);
  if (!states.every((state) => state?.state === 'Terminated')) return;
  group.instanceState = states.every((state) => state?.state === 'Terminated' && state.exitCode === 0)
    ? 'Succeeded'
    : 'Failed';
}

/** Plans a step, after those of the same time. */
export function addStep(group: ContainerGroup, step: PlannedStep): void {
  const index = group.steps.findIndex((other) => other.atMs > step.atMs);
  group.steps.splice(index === -1 ? group.steps.length : index, 0, step);
}
