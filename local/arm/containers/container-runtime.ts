import type { ContainerGroup } from '../groups/container-group.ts';
import type { LogLine } from './container-log.ts';
import type { MappedPort } from './port-map.ts';

/**
 * What becomes of containers once the lifecycle says that they run. It is shown each group after every change and makes what it runs fit,
 * so that nobody who changes a group has to tell it what to do.
 */
export interface ContainerRuntime {
  /** Whether an image can be pulled by nobody, since it names a program that is not here. */
  lacks(image: string): boolean;
  /** Where the ports of a group are reached on this machine; those that it had stay. Undefined where its containers are simulated. */
  mapPorts(group: ContainerGroup, existing: ContainerGroup | undefined): MappedPort[] | undefined;
  /** Takes notice that a group was written; `read` gives it as it is stored now, undefined when there is none of that name any more. */
  follow(id: { resourceGroup: string; name: string }, read: () => ContainerGroup | undefined): void;
  /** What a container has written, oldest line first; undefined where it is simulated. */
  linesOf(group: ContainerGroup, container: number): readonly LogLine[] | undefined;
  /** Ends whatever runs. */
  stop(): Promise<void>;
}

/** Runs nothing: every container does what its plan says, and no more. */
export const simulatedContainers: ContainerRuntime = {
  lacks: () => false,
  mapPorts: () => undefined,
  follow: () => undefined,
  linesOf: () => undefined,
  stop: () => Promise.resolve(),
};
