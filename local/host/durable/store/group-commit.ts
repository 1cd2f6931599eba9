import type { DatabaseSync } from 'node:sqlite';
import { StorageUnavailable } from '../../../sqlite/storage-error.ts';
import { rollBack } from '../../../sqlite/transaction.ts';

/** What a committed transaction made ready: instances and entities with new messages, new activities, and whether timers changed. */
export class Wakeups {
  readonly instanceIds = new Set<string>();
  readonly entityIds = new Set<string>();
  readonly activitySequences = new Set<number>();
  haveTimersChanged = false;
}

/** What surrounds a transaction. */
export interface Surroundings {
  /** Does the writes, and throws a `StorageUnavailable` when the file doesn't take them. */
  guard(write: () => void): void;
  /** Is called within each transaction. */
  writing(): void;
}

const NOTHING: Surroundings = { guard: (write) => write(), writing: () => undefined };

interface PendingWrite {
  apply(wakeups: Wakeups): void;
  committed(): void;
  failed(error: unknown): void;
}

/**
 * Collects the writes of one turn of the event loop and commits them in one transaction: a commit costs the same for one write
 * and for a hundred. A write's promise resolves after its commit, and `onCommitted` is told before that what became ready.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #onCommitted: (wakeups: Wakeups) => void;
  readonly #surroundings: Surroundings;
  #pending: PendingWrite[] = [];

  constructor(database: DatabaseSync, onCommitted: (wakeups: Wakeups) => void, surroundings = NOTHING) {
    this.#database = database;
    this.#surroundings = surroundings;
    this.#onCommitted = onCommitted;
  }

  get isIdle(): boolean {
    return this.#pending.length === 0;
  }

  /** Runs `apply` within the next transaction; rejects with what it throws, and then nothing of it was written. */
  write<T>(apply: (wakeups: Wakeups) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let value: T;
    this.#pending.push({
      apply: (wakeups) => void (value = apply(wakeups)),
      committed: () => resolve(value),
      failed: reject,
    });
    if (this.#pending.length === 1) setImmediate(() => this.#flush());
    return promise;
  }

  #flush(): void {
    const writes = this.#pending;
    this.#pending = [];
    try {
      this.#commit(writes);
    } catch (error) {
      // What the disk doesn't take, it doesn't take one by one either.
      if (writes.length === 1 || error instanceof StorageUnavailable) for (const write of writes) write.failed(error);
      else this.#commitOneByOne(writes);
    }
  }

  /** One bad write must not take the others of its turn with it. */
  #commitOneByOne(writes: readonly PendingWrite[]): void {
    for (const write of writes) {
      try {
        this.#commit([write]);
      } catch (error) {
        write.failed(error);
      }
    }
  }

  #commit(writes: readonly PendingWrite[]): void {
    const wakeups = new Wakeups();
    this.#surroundings.guard(() => this.#transact(writes, wakeups));
    this.#onCommitted(wakeups);
    for (const write of writes) write.committed();
  }
  #transact(writes: readonly PendingWrite[], wakeups: Wakeups): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const write of writes) write.apply(wakeups);
      this.#surroundings.writing();
      this.#database.exec('COMMIT');
    } catch (error) {
      rollBack(this.#database);
      throw error;
    }
  }
}
