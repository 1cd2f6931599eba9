import type { ArmDatabase } from './arm-database.ts';
import type { ResourceAction } from '../events/event-grid-event.ts';
import type { JsonObject } from '../wire/json.ts';

/** The words of an operation's status as ACI has them; `Succeeded`, `Failed` and `Canceled` are final. */
export type OperationStatus = 'Pending' | 'Creating' | 'Succeeded' | 'Failed' | 'Canceled';

/** A long-running operation, found by its id until a day after it began. */
export interface AsyncOperation {
  id: string;
  location: string;
  startedMs: number;
  status: OperationStatus;
  /** The group it works on. */
  resourceGroup: string;
  name: string;
  /** What Event Grid says when it ends. */
  action: ResourceAction;
  /** The group's events when it ended; while it runs they are read from the group. */
  events: JsonObject[];
}

/** The operations that ARM can be asked about. */
export interface AsyncOperationStore {
  find(id: string): AsyncOperation | undefined;
  save(operation: AsyncOperation): void;
  /** Forgets what began before a time. */
  forgetBefore(ms: number): void;
}

/** Keeps operations in the emulator's database. */
export function createAsyncOperationStore({ sqlite }: ArmDatabase): AsyncOperationStore {
  const find = sqlite.prepare('SELECT document FROM operations WHERE id = ?');
  const save = sqlite.prepare(
    'INSERT INTO operations VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document',
  );
  const forget = sqlite.prepare('DELETE FROM operations WHERE started_ms < ?');
  return {
    find: (id) => {
      const row = find.get(id.toLowerCase());
      // oxlint-disable-next-line no-unsafe-type-assertion -- only `save` writes the column
      return row && (JSON.parse(String(row['document'])) as AsyncOperation);
    },
    save: (operation) => void save.run(operation.id, operation.startedMs, JSON.stringify(operation)),
    forgetBefore: (ms) => void forget.run(ms),
  };
}
