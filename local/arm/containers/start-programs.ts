import type { AciProvider } from '../aci-provider.ts';
import { createWakeUp } from '../groups/lifecycle/wake-up.ts';
import { noteEnd, noteMove } from './container-ends.ts';
import type { ContainerRuntime } from './container-runtime.ts';
import { createProgramContainers, type RunEnd } from './program-containers.ts';

/** Where the programs are that images `local/NAME` stand for, and how they are treated. */
export interface ProgramOptions {
  /** A folder with a folder for each. */
  directory: string;
  /** From SIGTERM to SIGKILL; default 30 s. */
  stopGraceMs?: number;
}

/** What programs need of the emulator, which is made with them. */
export interface ProgramDependencies extends Pick<AciProvider, 'clock' | 'environments'> {
  provider: () => AciProvider;
}

/** What Kubernetes gives a container, where ACI says nothing (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#pod-termination). */
const STOP_GRACE_MS = 30_000;

/** All of a page at once: this is asked for only when a container of a program begins. */
const PAGE = 1_000;

/** Creates the runtime of an emulator whose containers can be programs; what they do reaches the groups, as soon as the disk takes it. */
export function startPrograms(
  { directory, stopGraceMs = STOP_GRACE_MS }: ProgramOptions,
  { clock, environments, provider }: ProgramDependencies,
): ContainerRuntime {
  const ends: (RunEnd & { atMs: number })[] = [];
  const settle = createWakeUp(
    clock,
    () => ends[0]?.atMs,
    () => {
      for (let end = ends[0]; end; end = ends[0]) {
        noteEnd(provider(), end);
        ends.shift();
      }
    },
  );
  const containers = createProgramContainers({
    programsDirectory: directory,
    stopGraceMs,
    clock,
    environments,
    machine: process.env,
    takenPorts: () => portsOf(provider()),
    // Not drawn from the seed: stacks beside each other would draw the same.
    random: Math.random,
    whenEnded: (end) => {
      ends.push({ ...end, atMs: clock.now() });
      settle.reschedule();
    },
    whenMoved: (group, port) => noteMove(provider(), group, port),
  });
  return {
    ...containers,
    stop: async () => {
      await containers.stop();
      settle.stop();
    },
  };
}

function portsOf({ groups }: AciProvider): Set<number> {
  const ports = new Set<number>();
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = groups.list({ after, limit: PAGE });
    for (const { mappedPorts = [] } of page.groups) for (const { mapped } of mappedPorts) ports.add(mapped);
    after = page.nextAfter;
  }
  return ports;
}
