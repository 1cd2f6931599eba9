import type { Resource } from './world/resources.ts';

/** A request of a client to the app, as it went. */
export interface CommandFact {
  fact: 'command';
  /** When it was answered, or given up. */
  atMs: number;
  sentAtMs: number;
  by: string;
  /** The name of the function. */
  command: string;
  /** The key of the group that it was about. */
  group?: string;
  body?: unknown;
  /** 0: nobody answered. */
  status: number;
  answer: unknown;
}

/** A count of sessions that somebody reported, and what became of it. */
export interface ReportFact {
  fact: 'report';
  atMs: number;
  sentAtMs: number;
  by: 'server' | 'matchmaker';
  group: string;
  count: number;
  /** The status of the item in the answer, or `none` where nobody answered. */
  status: string;
  state?: string;
}

/** A request that reached ARM. */
export interface ArmFact {
  fact: 'arm';
  atMs: number;
  method: string;
  /** Of the group that it was about, if it was about one. */
  group?: string;
  /** What ARM had under the name when the request came. */
  resource?: Resource | undefined;
}

/** What there is in Azure, twice a minute. */
export interface ResourcesFact {
  fact: 'resources';
  atMs: number;
  /** By the key of the group. */
  resources: ReadonlyMap<string, Resource>;
}

/** Something that happened to a game server. */
export interface ServerFact {
  fact: 'server';
  atMs: number;
  group: string;
  what: string;
}

/** A group as ACIList shows it. */
export interface ListedGroup {
  resourceGroup: string;
  containerGroupName: string;
  state: string;
  activeSessions: number;
  sessionsUnknown?: true | undefined;
  publicIP?: string | undefined;
  ports: { port: number; protocol: string }[];
  createdAt: string;
  stateSince: string;
  failure?: { code: string; message: string } | undefined;
  deletion?: { requestedAt: string } | undefined;
}

/** An orchestration that has not ended. */
export interface OpenOrchestration {
  id: string;
  status: string;
  createdAtMs: number;
}

/** What the app shows of all groups, and Azure of all resources, at one time. */
export interface LookFact {
  fact: 'look';
  atMs: number;
  /** By their key. */
  groups: ReadonlyMap<string, ListedGroup>;
  resources: ReadonlyMap<string, Resource>;
  open: readonly OpenOrchestration[];
}

/** Something that happened to all of it. */
export interface TurnFact {
  fact: 'turn';
  atMs: number;
  what: string;
}

/** How much the store holds. */
export interface StoreFact {
  fact: 'store';
  atMs: number;
  /** By the id of the instance. */
  histories: ReadonlyMap<string, { rows: number; bytes: number }>;
  /** The bytes of each state, by the id of the entity. */
  entities: ReadonlyMap<string, number>;
  /** What waits in each queue, by the name of its table. */
  queues: ReadonlyMap<string, number>;
}

/** A secret that was found where it must not be. */
export interface LeakFact {
  fact: 'leak';
  atMs: number;
  secret: string;
  place: string;
}

/** What a campaign sees from outside. */
export type Fact =
  | CommandFact
  | ReportFact
  | ArmFact
  | ResourcesFact
  | ServerFact
  | LookFact
  | TurnFact
  | StoreFact
  | LeakFact;
