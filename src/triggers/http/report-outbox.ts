import { containerGroupEntity } from '../../contracts/container-group.ts';
import type { CommandInput } from '../../domain/group/group-command.ts';
import { MAX_NAMED_LEASES } from '../../domain/group/named-leases.ts';
import { elapsedMs } from '../../domain/time.ts';
import type { DurableClient } from '../../durable/durable-client.ts';

type Report = CommandInput<'reportSessions'>;

interface Waiting {
  report: Report;
  client: Pick<DurableClient, 'signal'>;
  /** Of everybody whose report this one stands for. */
  sent: PromiseWithResolvers<undefined>;
}

/** Sends the reports of running groups to their entities. */
export interface ReportOutbox {
  /** Resolves once the report, or a newer one in its place, is stored durably. */
  send(client: Pick<DurableClient, 'signal'>, key: string, report: Report): Promise<void>;
}

/**
 * Creates the outbox of a process. The reports of a group leave it one at a time; of those that come while one is on its way, the newest of a
 * stream stands for all that it replaces, since a report says how things are and not what has changed. So a server that reports faster
 * than its entity takes it costs no more than the entity can do, and a quiet one waits for nothing.
 */
export function createReportOutbox(): ReportOutbox {
  const queues = new Map<string, Waiting[]>();

  async function sendAll(key: string, queue: Waiting[]): Promise<void> {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const { client, report, sent } = next;
      queue.shift();
      try {
        await client.signal(containerGroupEntity, key, 'reportSessions', report);
        sent.resolve(undefined);
      } catch (error) {
        sent.reject(error);
      }
    }
    queues.delete(key);
  }

  return {
    send(client, key, report) {
      const queue = queues.get(key);
      const last = queue?.at(-1);
      if (last !== undefined && isReplacedBy(last.report, report)) {
        Object.assign(last, { report: withLeasesOf(last.report, report), client });
        return last.sent.promise;
      }
      const sent = Promise.withResolvers<undefined>();
      const waiting = { report, client, sent };
      if (queue === undefined) {
        const opened = [waiting];
        queues.set(key, opened);
        void sendAll(key, opened);
      } else {
        queue.push(waiting);
      }
      return sent.promise;
    },
  };
}

/** Whether the entity, once it has the later report, knows all that the earlier one says. */
function isReplacedBy(earlier: Report, later: Report): boolean {
  const isOfOneStream = (['incarnation', 'source', 'bootId', 'bootedAt'] as const).every(
    (name) => earlier[name] === later[name],
  );
  const isInOrder =
    earlier.sequence === undefined || later.sequence === undefined
      ? earlier.sequence === later.sequence
      : earlier.sequence < later.sequence;
  const { leases = [] } = withLeasesOf(earlier, later);
  return isOfOneStream && isInOrder && elapsedMs(earlier.at, later.at) >= 0 && leases.length <= MAX_NAMED_LEASES;
}

/** A report may name the leases since the one before: what that one has named is named by the one that stands for both. */
function withLeasesOf({ leases: earlier }: Report, later: Report): Report {
  return earlier === undefined ? later : { ...later, leases: [...new Set([...earlier, ...(later.leases ?? [])])] };
}
