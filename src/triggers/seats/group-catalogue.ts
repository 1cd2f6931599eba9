import { containerGroupEntity } from '../../contracts/container-group.ts';
import { defined } from '../../domain/defined.ts';
import type { ContainerGroup } from '../../domain/group/container-group.ts';
import { fleetOf } from '../../domain/seat/book-key.ts';
import { toInstant, type Instant } from '../../domain/time.ts';
import type { DurableClient } from '../../durable/durable-client.ts';

/** Which groups are meant: those of a fleet that have all of these labels. */
export interface GroupSelector {
  fleet: string;
  labels: Readonly<Record<string, string>>;
}

/** The groups as one look found them. */
export interface Catalogue {
  /** When the look began. */
  asOf: Instant;
  /** The same by the clock that nobody sets (`performance.now`). */
  asOfMs: number;
  /** By their keys. */
  groups: ReadonlyMap<string, ContainerGroup>;
}

/** One look serves all who ask within this time. */
const MAX_AGE_MS = 1_000;

/** Rows of a table that come at once; an entity's state is some kilobytes. */
const PAGE_SIZE = 100;

/** Looks at the groups of the installation, once for all who want to know at the same time. */
export function createGroupCatalogue(
  now: () => number,
): (client: DurableClient, notBeforeMs?: number) => Promise<Catalogue> {
  let latest: { asOfMs: number; clockMs: number; catalogue: Promise<Catalogue> } | undefined;
  return (client, notBeforeMs = 0) => {
    const isGood =
      latest !== undefined &&
      latest.asOfMs >= Math.max(notBeforeMs, performance.now() - MAX_AGE_MS) &&
      // A book goes by the clock, which may have been set meanwhile.
      Math.abs(now() - latest.clockMs) <= MAX_AGE_MS;
    if (latest === undefined || !isGood) {
      const looked = { asOfMs: performance.now(), clockMs: now(), catalogue: look(client, now) };
      latest = looked;
      // What failed is asked for again by the next, and told to those who wait for this.
      looked.catalogue.catch(() => {
        latest = latest === looked ? undefined : latest;
      });
    }
    return latest.catalogue;
  };
}

/** The groups of a catalogue that a selector means. */
export function selectGroups({ groups }: Catalogue, { fleet, labels }: GroupSelector): ContainerGroup[] {
  const wanted = Object.entries(labels);
  return [...groups.values()].filter(
    (group) => fleetOf(group) === fleet && wanted.every(([name, value]) => group.labels?.[name] === value),
  );
}

async function look(client: DurableClient, now: () => number): Promise<Catalogue> {
  const asOf = toInstant(now());
  const asOfMs = performance.now();
  const groups = new Map<string, ContainerGroup>();
  let continuationToken: string | undefined;
  do {
    const page = await client.query(containerGroupEntity, { limit: PAGE_SIZE, ...defined({ continuationToken }) });
    for (const { key, state } of page.entities) {
      groups.set(key, state);
    }
    ({ continuationToken } = { continuationToken: undefined, ...page });
  } while (continuationToken !== undefined);
  return { asOf, asOfMs, groups };
}
