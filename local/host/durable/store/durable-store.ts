import type { FileHealth } from '../../../sqlite/file-health.ts';
import { rewriteVersion } from '../../../sqlite/data-file.ts';
import type { Clock } from '../../../clock/clock.ts';
import { createSteadyClock, type SteadyClock } from '../../../clock/steady-clock.ts';
import { createActivityStore } from './activity-store.ts';
import type { ActivityStore } from './activity-store.ts';
import { openDatabase } from './database.ts';
import { createEntityStore } from './entity-store.ts';
import type { EntityStore } from './entity-store.ts';
import { GroupCommit } from './group-commit.ts';
import type { Wakeups } from './group-commit.ts';
import { createInstanceStore } from './instance-store.ts';
import type { InstanceStore } from './instance-store.ts';
import { createMessageStore } from './message-store.ts';
import type { MessageStore } from './message-store.ts';
import { createVisibility } from './visibility.ts';
import type { Visibility } from './visibility.ts';
import { createTimerStore } from './timer-store.ts';
import type { TimerStore } from './timer-store.ts';

/** Everything durable of one hub. Reads see what is committed; writes go through `commit`. */
export interface DurableStore {
  readonly instances: InstanceStore;
  readonly messages: MessageStore;
  readonly activities: ActivityStore;
  readonly timers: TimerStore;
  readonly entities: EntityStore;
  readonly visibility: Visibility;
  readonly commit: GroupCommit;
  /** Of the queues: what says when a timer falls due and a message becomes visible. It is not set back with the machine's. */
  readonly queueClock: SteadyClock;
  /** How often the store has been opened, this time included. */
  readonly openCount: number;
  close(): void;
}

/** Opens the store at `path` (a file, or ':memory:'); `onCommitted` learns what each transaction made ready, and `health` which one the file didn't take. */
export function openDurableStore(
  path: string,
  { clock, health }: { clock: Clock; health: FileHealth },
  onCommitted: (wakeups: Wakeups) => void,
): DurableStore {
  const database = openDatabase(path);
  const counted = database
    .prepare(
      'INSERT INTO hub (id, open_count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET open_count = open_count + 1 RETURNING open_count, queue_clock_ms',
    )
    .get();
  const queueClock = createSteadyClock(clock, Number(counted?.['queue_clock_ms']));
  const keepTime = database.prepare('UPDATE hub SET queue_clock_ms = ?1 WHERE queue_clock_ms <= ?1 - 1000');
  const visibility = createVisibility(database);
  return {
    visibility,
    instances: createInstanceStore(database),
    messages: createMessageStore(database),
    activities: createActivityStore(database),
    timers: createTimerStore(database),
    entities: createEntityStore(database, visibility),
    commit: new GroupCommit(database, onCommitted, {
      guard: (write) => health.guard(path, write, () => rewriteVersion(database)),
      writing: () => void keepTime.run(queueClock.now()),
    }),
    queueClock,
    openCount: Number(counted?.['open_count']),
    close: () => database.close(),
  };
}
