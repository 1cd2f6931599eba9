/** How the durable backend behaves: as unkind as Azure Storage, or without what comes by chance. */
export type PlatformName = 'azure-storage' | 'gentle';

/** The platforms, the one that a laptop gets first. */
export const PLATFORM_NAMES = ['gentle', 'azure-storage'] as const satisfies readonly PlatformName[];

/** What Azure does now and then, and how often the local host does it: far more often, since a test is short. */
const LIKELIHOODS = {
  /** Two starts of one id at the same instant are both told yes, and one is carried out (3 to 8 of 8 on the real extension 3.19). */
  doubleYes: 0.75,
  /** A lease that moves aborts the commit of an entity's batch whose messages have gone out (AzureStorageOrchestrationService: out first, state second). */
  lostBatch: 0.1,
  /** Processed messages are deleted some time after the state is committed; whoever is killed in between has a client's ones delivered again. */
  lateDeletion: 0.3,
  /** A client's signal or event is delivered twice without a crash: queues deliver at least once, and DTFx' MessageSorter leaves client messages out. */
  doubledMessage: 0.05,
  /** An activity runs again, since its first result was lost before it was sent: the work-item queue delivers at least once. */
  repeatedActivity: 0.1,
  /** An activity's result is sent twice: the work item was deleted too late. */
  doubledResult: 0.1,
  /** An episode is replayed from its history once more, since the first run was not committed (a lease that moved, a host that was ended). */
  repeatedEpisode: 0.1,
  /** A query ends its page early, or with nothing in it, with more to come (Table storage; the page after it is whole here). */
  shortPage: 0.25,
} as const;

/** Something that a platform does by chance. */
export type Mischief = keyof typeof LIKELIHOODS;

/** What chance decides in a hub. */
export interface Platform {
  readonly name: PlatformName;
  /** Whether it happens this time; never on a gentle platform. */
  happens(mischief: Mischief): boolean;
  /** A whole number from 0 to `max`; always 0 on a gentle platform. */
  upTo(max: number): number;
}

/** Creates a platform whose chances come from `random`, numbers in [0, 1) from a seed. */
export function createPlatform(name: PlatformName, random: () => number): Platform {
  return name === 'gentle'
    ? { name, happens: () => false, upTo: () => 0 }
    : {
        name,
        happens: (mischief) => random() < LIKELIHOODS[mischief],
        upTo: (max) => Math.floor(random() * (max + 1)),
      };
}
