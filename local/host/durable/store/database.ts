import type { DatabaseSync } from 'node:sqlite';
import { openDataFile } from '../../../sqlite/data-file.ts';
import type { Migrations } from '../../../sqlite/schema.ts';

/** Opens the hub's database and its tables. One hub owns the file: a second one that opens it gets an error. */
export function openDatabase(path: string): DatabaseSync {
  return openDataFile(path, MIGRATIONS);
}

/**
 * Format 1, that of version 0.1.0. `messages`, `activities`, `timers` and `entity_messages` hold only what is still to be done, so that they stay small;
 * `history` and `instances` grow until they are purged.
 */
const FIRST = `
  CREATE TABLE hub (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    open_count INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE instances (
    instance_id TEXT PRIMARY KEY,
    execution_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    status TEXT NOT NULL,
    input TEXT,
    output TEXT,
    custom_status TEXT,
    parent TEXT,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX instances_by_creation ON instances (created_at_ms);

  CREATE TABLE history (
    instance_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (instance_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY,
    instance_id TEXT NOT NULL,
    execution_id TEXT,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_by_instance ON messages (instance_id, sequence);

  CREATE TABLE activities (
    sequence INTEGER PRIMARY KEY,
    instance_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    task_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    input TEXT
  ) STRICT;
  CREATE INDEX activities_by_instance ON activities (instance_id);

  CREATE TABLE timers (
    instance_id TEXT NOT NULL,
    timer_id INTEGER NOT NULL,
    execution_id TEXT NOT NULL,
    fire_at_ms INTEGER NOT NULL,
    PRIMARY KEY (instance_id, timer_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX timers_by_time ON timers (fire_at_ms);

  CREATE TABLE entities (
    entity_id TEXT PRIMARY KEY,
    is_existing INTEGER NOT NULL,
    state TEXT,
    created_at_ms INTEGER NOT NULL,
    last_operation_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE entity_messages (
    sequence INTEGER PRIMARY KEY,
    entity_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    input TEXT,
    request_id TEXT,
    caller_instance_id TEXT,
    caller_execution_id TEXT
  ) STRICT;
  CREATE INDEX entity_messages_by_entity ON entity_messages (entity_id, sequence);
`;

/** What may not be delivered yet, and who sent it to an entity: of what is in a queue from before, the signals count as a client's. */
const VISIBILITY = `
  ALTER TABLE messages ADD COLUMN visible_at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE activities ADD COLUMN visible_at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE entity_messages ADD COLUMN visible_at_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE entity_messages ADD COLUMN sender TEXT;
  UPDATE entity_messages SET sender = caller_instance_id;
`;

/**
 * When a timer falls due by the queues' clock, which is not set back with the machine's, and what that clock showed last. Azure Storage has a clock of
 * its own, and a timer is a message that is hidden for the time that was left when it was sent (DurableTask.AzureStorage,
 * Messaging/TaskHubQueue.cs, GetVisibilityDelay).
 */
const QUEUE_CLOCK = `
  ALTER TABLE hub ADD COLUMN queue_clock_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE timers ADD COLUMN due_at_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE timers SET due_at_ms = fire_at_ms;
  DROP INDEX timers_by_time;
  CREATE INDEX timers_by_due_time ON timers (due_at_ms);
`;

const MIGRATIONS: Migrations = [FIRST, VISIBILITY, QUEUE_CLOCK];
