import type { FaultOperation } from './fault-operation.ts';
import type { Incident } from './incident-schema.ts';

/** What a fault replaces the answer of one kind of request with. */
export interface FailNext {
  operation: FaultOperation;
  status: number;
  code: string;
  message: string;
  retryAfterSeconds?: number | undefined;
  /** The request takes effect and only its answer is replaced, as when ACI's control plane times out (`ServerTimeout`). */
  afterEffect: boolean;
  /** How many requests are hit. */
  times: number;
  /** Only requests about the container group of this name. */
  containerGroupName?: string | undefined;
  /** The message ends with the request's body, secrets and all, as of a service that quotes what it refuses. */
  echoesBody?: boolean | undefined;
}

/**
 * Limits per region and subscription, defaults of a pay-as-you-go subscription
 * (learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits).
 */
export interface Quotas {
  containerGroups: number;
  standardCores: number;
  /** Creates, and deletes just as many, in an hour. */
  writesPerHour: number;
  /** Creates, and deletes just as many, in five minutes. */
  writesPerFiveMinutes: number;
}

/** Everything that can go wrong on command. Rates are probabilities from 0 to 1, drawn from the seed. */
export interface Faults {
  images: {
    /** Images whose pull fails after the group was accepted; `local/does-not-exist` always does. */
    pullFails: string[];
    /** Images for which the create is refused with 400 `InaccessibleImage`; `local/not-accessible` always is. */
    inaccessible: string[];
    /** Images whose container waits for ever; that of `local/never-ready` always does. */
    neverReady: string[];
    /** Images whose container ends by itself. */
    exits: { image: string; exitCode: number; afterMs: number }[];
  };
  events: {
    drop: number;
    duplicate: number;
    /** Events that fall into the same second arrive in the opposite order. */
    reverse: boolean;
    /** Added to every event's way. */
    delayMs: number;
  };
  arm: {
    failNext: FailNext[];
    /** Share of requests answered with 429 and a `Retry-After`. */
    throttleRate: number;
    /** Share of requests answered with 500 before they take effect. */
    serverErrorRate: number;
    /** Share of writes that take effect and are answered with 503 `ServerTimeout` all the same. */
    lostAnswerRate: number;
    /** Resources on one page of a list. */
    pageSize: number;
  };
  quotas: Quotas | 'off';
  capacity: {
    /** Regions without room for another group. */
    regionsFull: string[];
    /** Found out late (the group is accepted, then fails with `InsufficientCapacity.`) rather than at once with 409. */
    async: boolean;
  };
  identity: {
    /** How long a token of the managed identity is good. */
    tokenLifetimeSeconds: number;
  };
  /** Faults with a time of their own and an aim, beside what holds all the time. */
  incidents: Incident[];
  /** The resource groups that exist; every one exists when absent. */
  resourceGroups?: string[] | undefined;
}

/** Quotas of an ordinary subscription. */
export const defaultQuotas: Quotas = {
  containerGroups: 100,
  standardCores: 100,
  writesPerHour: 300,
  writesPerFiveMinutes: 100,
};

/** A managed identity's token is good for 24 hours (learn.microsoft.com/entra/identity/managed-identities-azure-resources). */
const TOKEN_LIFETIME_SECONDS = 24 * 60 * 60;

/** The profile `none`: Azure on a good day, its quotas included. */
export const noFaults: Faults = {
  images: { pullFails: [], inaccessible: [], neverReady: [], exits: [] },
  events: { drop: 0, duplicate: 0, reverse: false, delayMs: 0 },
  arm: { failNext: [], throttleRate: 0, serverErrorRate: 0, lostAnswerRate: 0, pageSize: 100 },
  quotas: defaultQuotas,
  capacity: { regionsFull: [], async: false },
  identity: { tokenLifetimeSeconds: TOKEN_LIFETIME_SECONDS },
  incidents: [],
};
