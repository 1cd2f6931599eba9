import { containerGroupEntity } from '../../contracts/container-group.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import type { DurableClient, StoredState } from '../../durable/durable-client.ts';

/** So long a running group is taken to be as it was read: what somebody else did to it meanwhile its server learns a second later. */
export const KNOWN_FOR_MS = 1_000;

/** A group is some kilobytes. */
const MAX_KNOWN = 2_000;

interface Known {
  group: ContainerGroup;
  readAt: Moment;
}

/** By the time of day, and by a clock that nobody sets back. */
interface Moment {
  wallMs: number;
  steadyMs: number;
}

/** What this process has read of running groups a moment ago, so that reports which follow each other closely don't read the same again. */
export interface KnownGroups {
  /** The group as it was read at most `KNOWN_FOR_MS` ago, with the reports since that went through this process; none that did not run then. */
  find(key: string): ContainerGroup | undefined;
  /** The group as it is now. */
  read(client: Pick<DurableClient, 'readAny'>, key: string): Promise<StoredState<ContainerGroup> | undefined>;
  /** Notes what a report makes of the group; what is known grows no younger by that. */
  noteReport(group: ContainerGroup, key: string): void;
  /** Has the group read anew: this process is about to change it. */
  forget(key: string): void;
}

/** Creates the memory of a process. It is bounded, and what it forgets is read again. */
export function createKnownGroups(now: () => number, steadyNow = (): number => performance.now()): KnownGroups {
  const known = new Map<string, Known>();
  const moment = (): Moment => ({ wallMs: now(), steadyMs: steadyNow() });

  function isCurrent({ readAt }: Known): boolean {
    const { wallMs, steadyMs } = moment();
    return wallMs - readAt.wallMs < KNOWN_FOR_MS && steadyMs - readAt.steadyMs < KNOWN_FOR_MS;
  }

  /** The map's order is that of reading, its first key the oldest. */
  function dropOld(): void {
    for (const [key, each] of known) {
      if (known.size <= MAX_KNOWN && isCurrent(each)) {
        return;
      }
      known.delete(key);
    }
  }

  return {
    find(key) {
      const found = known.get(key);
      return found !== undefined && isCurrent(found) ? found.group : undefined;
    },
    async read(client, key) {
      const readAt = moment();
      const found = await client.readAny(containerGroupEntity, key);
      known.delete(key);
      if (found?.is === 'known' && found.state.state === 'Running') {
        known.set(key, { group: found.state, readAt });
      }
      dropOld();
      return found;
    },
    noteReport(group, key) {
      const found = known.get(key);
      if (found?.group.incarnation === group.incarnation) {
        found.group = group;
      }
    },
    forget(key) {
      known.delete(key);
    },
  };
}
