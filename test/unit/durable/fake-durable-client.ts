import { defined } from '../../../src/domain/defined.ts';
import { NewerStateError } from '../../../src/durable/newer-state-error.ts';
import type { KeptRow } from '../../../src/domain/sweep/at-rest.ts';
import type {
  DurableClient,
  InstanceWithInput,
  PageRequest,
  RuntimeStatus,
} from '../../../src/durable/durable-client.ts';
import { viewInstance, type RawInstance } from '../../../src/durable/instance.ts';
import { readState, sortStates } from '../../../src/durable/stored-state.ts';

/** What a test puts into an instance; the rest of it follows. Its parts need not be of the shape that they should have. */
export type FakeInstance = Partial<InstanceWithInput<unknown, unknown, unknown>>;

/** What a test puts into a row; it is over unless told otherwise. */
export type FakeRow = Partial<KeptRow> & { createdTime?: string; lastUpdatedTime: string };

/** A durable client without a host: what it is told is kept, and what it is asked for is what a test put there. */
export interface FakeDurableClient extends DurableClient {
  /** States of entities by key, in the order in which a query finds them. */
  readonly entities: Map<string, unknown>;
  readonly instances: Map<string, FakeInstance>;
  readonly started: { orchestrator: string; instanceId: string; input: unknown }[];
  readonly raised: { event: string; instanceId: string; data: unknown }[];
  readonly terminated: string[];
  readonly signals: { key: string; operation: string; input: unknown }[];
  /** The rows that the backend keeps, by their ids. */
  readonly rows: Map<string, FakeRow>;
  /** The next call of any kind fails with this. */
  failNext(error: Error): void;
}

/** A client that knows nothing yet. */
export function createFakeDurableClient(): FakeDurableClient {
  const entities = new Map<string, unknown>();
  const instances = new Map<string, FakeInstance>();
  let failure: Error | undefined;
  const started: FakeDurableClient['started'] = [];
  const raised: FakeDurableClient['raised'] = [];
  const signals: FakeDurableClient['signals'] = [];
  const terminated: string[] = [];
  const rows = new Map<string, FakeRow>();

  function enter(): void {
    const error = failure;
    failure = undefined;
    if (error !== undefined) {
      throw error;
    }
  }

  return {
    entities,
    instances,
    started,
    raised,
    terminated,
    signals,
    rows,
    failNext(error) {
      failure = error;
    },
    async start(orchestrator, instanceId, input) {
      enter();
      const found = instances.get(instanceId);
      if (found !== undefined && RUNNING.has(rawInstance(found, null).runtimeStatus)) {
        return 'alreadyRunning';
      }
      started.push({ orchestrator: orchestrator.name, instanceId, input: orchestrator.input.parse(input) });
      instances.set(instanceId, { input });
      return 'started';
    },
    async status(orchestrator, instanceId) {
      enter();
      const found = instances.get(instanceId);
      return found && viewInstance(rawInstance(found, null), orchestrator);
    },
    async statusWithInput(orchestrator, instanceId) {
      enter();
      const found = instances.get(instanceId);
      return found && viewInstance(rawInstance(found, found.input), orchestrator);
    },
    async raise(event, instanceId, data) {
      enter();
      raised.push({ event: event.name, instanceId, data: event.data.parse(data) });
    },
    async terminate(instanceId) {
      enter();
      terminated.push(instanceId);
    },
    async signal(entity, key, operation, input) {
      enter();
      signals.push({ key, operation, input: entity.operations[operation]?.input.parse(input) });
    },
    async read(entity, key) {
      const found = await this.readAny(entity, key);
      if (found?.is === 'newer') {
        throw new NewerStateError(entity.name, key);
      }
      return found?.state;
    },
    async readAny(entity, key) {
      enter();
      const state = entities.get(key);
      return state === undefined ? undefined : readState(entity, state);
    },
    async keys(_entity, { limit, continuationToken = '0' }) {
      enter();
      const from = Number(continuationToken);
      const next = defined({ continuationToken: from + limit < entities.size ? String(from + limit) : undefined });
      return { keys: [...entities.keys()].slice(from, from + limit), ...next };
    },
    async query(entity, { limit, continuationToken = '0' }) {
      enter();
      const from = Number(continuationToken);
      const found = [...entities].slice(from, from + limit).map(([key, state]) => ({ key, state }));
      return {
        ...sortStates(entity, found),
        ...(from + limit < entities.size ? { continuationToken: String(from + limit) } : {}),
      };
    },
    async count(_entity, upTo) {
      enter();
      return Math.min(entities.size, upTo);
    },
    async endedRows(createdBefore, page) {
      enter();
      const found = [...rows].filter(
        ([id, { isOver = true, createdTime, lastUpdatedTime }]) =>
          !id.startsWith('@') && isOver && Date.parse(createdTime ?? lastUpdatedTime) <= createdBefore.getTime(),
      );
      return pageOf(
        found.map(([instanceId, row]) => ({ instanceId, ...keptRow(row) })),
        page,
        ({ instanceId }) => instanceId,
      );
    },
    async row(instanceId) {
      enter();
      const found = rows.get(instanceId);
      return found && keptRow(found);
    },
    async purge(instanceId) {
      enter();
      return rows.delete(instanceId);
    },
    async entityRows({ name }, page) {
      enter();
      const prefix = `@${name}@`;
      const found = [...rows].filter(([id]) => id.startsWith(prefix));
      return pageOf(
        found.map(([id, row]) => ({ key: id.slice(prefix.length), ...keptRow(row) })),
        page,
        ({ key }) => key,
      );
    },
    async entityRow({ name }, key) {
      enter();
      const found = rows.get(`@${name}@${key}`);
      return found && keptRow(found);
    },
    async purgeEntityRow({ name }, key) {
      enter();
      return rows.delete(`@${name}@${key}`);
    },
    managementPayload: (instanceId, publicUrl) => ({
      id: instanceId,
      statusQueryGetUri: `${publicUrl}/runtime/webhooks/durabletask/instances/${instanceId}?code=key`,
    }),
  };
}

function keptRow({ isOver = true, lastUpdatedTime }: FakeRow): KeptRow {
  return { isOver, lastUpdatedTime };
}

/** A page as a backend cuts it: the token names the row that the next one begins with, be it there by then or not. */
function pageOf<Row>(
  all: Row[],
  { limit, continuationToken = '' }: PageRequest,
  idOf: (row: Row) => string,
): { rows: Row[]; continuationToken?: string } {
  const sorted = all
    .filter((row) => idOf(row) >= continuationToken)
    .toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const next = sorted[limit];
  return { rows: sorted.slice(0, limit), ...(next === undefined ? {} : { continuationToken: idOf(next) }) };
}

const RUNNING: ReadonlySet<RuntimeStatus> = new Set(['Running', 'Pending', 'Suspended']);

function rawInstance(found: FakeInstance, input: unknown): RawInstance {
  return {
    runtimeStatus: found.runtimeStatus ?? (found.isFinished === true ? 'Completed' : 'Running'),
    createdTime: found.createdTime ?? '2026-11-24T10:00:00Z',
    lastUpdatedTime: found.lastUpdatedTime ?? '2026-11-24T10:00:00Z',
    input,
    output: found.output ?? null,
    customStatus: found.status ?? null,
  };
}
