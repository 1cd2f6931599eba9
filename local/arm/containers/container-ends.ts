import type { AciProvider } from '../aci-provider.ts';
import type { ContainerGroup, ContainerState } from '../groups/container-group.ts';
import { PLATFORM_EXIT_CODE } from '../groups/lifecycle/apply-outside-step.ts';
import { addStep, applyStep } from '../groups/lifecycle/apply-step.ts';
import type { MappedPort } from './port-map.ts';
import type { RunEnd } from './program-containers.ts';

/** A page of groups is looked at after a start. */
const PAGE = 100;

/**
 * Tells the lifecycle that a program has ended, and keeps the last of what it wrote. Where the lifecycle itself wanted the end, only that is
 * kept. Throws a `StorageUnavailable`, with nothing done.
 */
export function noteEnd(provider: AciProvider, end: RunEnd): void {
  provider.database.transaction(() => {
    const group = provider.groups.find(end.resourceGroup, end.name);
    const instance = group?.instances[end.container];
    if (!group || !instance) return;
    const isPresent = isRunOf(instance.currentState, end.startMs);
    if (!isPresent && !isRunOf(instance.previousState, end.startMs)) return;
    instance.lastLines = end.lines;
    if (isPresent && instance.currentState?.state === 'Running' && !end.wasAsked) {
      addStep(group, { kind: 'exited', container: end.container, exitCode: end.exitCode, atMs: provider.clock.now() });
    }
    provider.groups.save(group);
  });
  provider.changed();
}

/** Keeps the port of this machine at which a container's port is reached by now. */
export function noteMove(
  provider: AciProvider,
  { resourceGroup, name }: { resourceGroup: string; name: string },
  moved: MappedPort,
): void {
  const group = provider.groups.find(resourceGroup, name);
  if (!group?.mappedPorts) return;
  group.mappedPorts = group.mappedPorts.map((port) =>
    port.port === moved.port && port.protocol === moved.protocol ? moved : port,
  );
  provider.database.transaction(() => provider.groups.save(group));
  provider.log(`${resourceGroup}/${name} port ${moved.port}/${moved.protocol} is now ${moved.mapped} of this machine`);
}

/**
 * Settles after a start that the programs of the run before have ended with it: as when ACI moves a group to another machine, the platform has
 * ended their containers, which start again at once where the restart policy says so.
 */
export function noteLostPrograms(provider: AciProvider): void {
  const atMs = provider.clock.now();
  for (let after: number | undefined = 0; after !== undefined;) {
    const { groups, nextAfter } = provider.groups.list({ after, limit: PAGE });
    provider.database.transaction(() => {
      for (const group of groups) {
        const lost = runningPrograms(provider, group);
        for (const container of lost) {
          applyStep(group, { kind: 'exited', container, exitCode: PLATFORM_EXIT_CODE, atMs, restartsAtOnce: true });
        }
        if (lost.length > 0) provider.groups.save(group);
      }
    });
    after = nextAfter;
  }
}

function isRunOf(state: ContainerState | undefined, startMs: number): boolean {
  return state !== undefined && state.state !== 'Waiting' && state.startMs === startMs;
}

function runningPrograms({ containers }: AciProvider, group: ContainerGroup): number[] {
  return [...group.instances.keys()].filter(
    (container) =>
      group.instances[container]?.currentState?.state === 'Running' &&
      containers.linesOf(group, container) !== undefined,
  );
}
