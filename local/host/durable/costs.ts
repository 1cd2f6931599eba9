import { parseEntityInstanceId } from './entity-id.ts';

/** How many of something, and the bytes of their texts in UTF-8. */
export interface Amount {
  count: number;
  bytes: number;
}

/** What the orchestrations of one name have cost. */
export interface OrchestratorCosts {
  /** Starts, each continueAsNew among them. */
  executions: number;
  /** Runs of the function. */
  turns: number;
  /** Work items, each of which is a checkpoint. */
  episodes: number;
  /** Messages that they took: starts, results, answers, events, timers. */
  received: number;
  /** Rows of the history, which is read as a whole before each episode. */
  historyRead: number;
  historyWritten: Amount;
  /** Rows of the longest history of one execution. */
  longestHistory: number;
  /** Messages that they sent, by what they were for; the bytes are those of their inputs. */
  activities: Amount;
  subOrchestrations: Amount;
  entityRequests: Amount;
  timers: number;
}

/** What the entities of one name have cost. */
export interface EntityCosts {
  /** Runs of the function. */
  batches: number;
  operations: Amount;
  /** States that were written. */
  states: Amount;
  /** Messages that they sent: answers to orchestrations, signals to entities. */
  answers: Amount;
  signals: Amount;
}

/** What clients read: how often, and the rows that the store went through for it, those among them that no answer shows. */
export interface QueryCosts {
  instanceReads: number;
  instanceLists: number;
  instanceRows: number;
  histories: number;
  historyRows: number;
  entityReads: number;
  entityLists: number;
  entityRows: number;
}

/** What a hub has done since it was opened, by the names of functions. */
export interface DurableCosts {
  orchestrators: Record<string, OrchestratorCosts>;
  entities: Record<string, EntityCosts>;
  queries: QueryCosts;
}

/** Where the parts of a hub count; what they get from it, they add to. */
export interface CostCounter {
  orchestrator(name: string): OrchestratorCosts;
  /** Of the entity's function. */
  entity(entityInstanceId: string): EntityCosts;
  readonly queries: QueryCosts;
  snapshot(): DurableCosts;
}

/** Creates a counter; it lives in memory, and begins anew with the hub. */
export function createCostCounter(): CostCounter {
  const orchestrators = new Map<string, OrchestratorCosts>();
  const entities = new Map<string, EntityCosts>();
  const queries: QueryCosts = {
    instanceReads: 0,
    instanceLists: 0,
    instanceRows: 0,
    histories: 0,
    historyRows: 0,
    entityReads: 0,
    entityLists: 0,
    entityRows: 0,
  };
  return {
    orchestrator: (name) => getOrCreate(orchestrators, name, noOrchestratorCosts),
    entity: (id) => getOrCreate(entities, parseEntityInstanceId(id)?.name ?? id, noEntityCosts),
    queries,
    snapshot: () =>
      structuredClone({
        orchestrators: Object.fromEntries(orchestrators),
        entities: Object.fromEntries(entities),
        queries,
      }),
  };
}

/** Adds what was written. */
export function add(amount: Amount, { count, bytes }: Amount): void {
  amount.count += count;
  amount.bytes += bytes;
}

/** Adds one that has this text. */
export function addText(amount: Amount, text: string | null | undefined): void {
  add(amount, { count: 1, bytes: text ? Buffer.byteLength(text) : 0 });
}

function noOrchestratorCosts(): OrchestratorCosts {
  return {
    executions: 0,
    turns: 0,
    episodes: 0,
    received: 0,
    historyRead: 0,
    historyWritten: nothing(),
    longestHistory: 0,
    activities: nothing(),
    subOrchestrations: nothing(),
    entityRequests: nothing(),
    timers: 0,
  };
}

function noEntityCosts(): EntityCosts {
  return { batches: 0, operations: nothing(), states: nothing(), answers: nothing(), signals: nothing() };
}

function nothing(): Amount {
  return { count: 0, bytes: 0 };
}

function getOrCreate<Costs>(map: Map<string, Costs>, name: string, create: () => Costs): Costs {
  const found = map.get(name);
  if (found) return found;
  const created = create();
  map.set(name, created);
  return created;
}
