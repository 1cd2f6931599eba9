import { seatBookEntity } from '../../contracts/seat-book.ts';
import { bookKey } from '../../domain/seat/book-key.ts';
import type { LeaseAction } from '../../domain/seat/lease.ts';
import { offerGroups } from '../../domain/seat/offer-groups.ts';
import { emptyBook, leasesByRequest, type FoundLease, type SeatBook } from '../../domain/seat/seat-book.ts';
import type { SeatRequest } from '../../domain/seat/take-batch.ts';
import { toInstant } from '../../domain/time.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { poll } from '../http/poll.ts';
import { Problem } from '../http/problem.ts';
import { createGroupCatalogue, selectGroups, type Catalogue, type GroupSelector } from './group-catalogue.ts';

/** What a book has committed after it has taken a batch, and what was known of the groups when the batch was made. */
export interface Taken {
  book: SeatBook;
  /** Of the book, by the requests that got them. */
  leases: ReadonlyMap<string, FoundLease>;
  /** The same by the keys of their groups. */
  byGroup: ReadonlyMap<string, readonly FoundLease[]>;
  catalogue: Catalogue;
}

/** Asks books on behalf of all requests that a process has at the same time. */
export interface SeatClerk {
  /** Asks for seats; whether there are any stands in the book. Throws the problem `commandPending` when it does not answer in time. */
  ask(client: DurableClient, selector: GroupSelector, request: SeatRequest): Promise<Taken>;
  /** Does something with a lease; what has become of it stands in the book. */
  act(client: DurableClient, fleet: string, action: { leaseId: string; action: LeaseAction }): Promise<SeatBook>;
}

/** A request that waits for its book. */
interface Waiter {
  client: DurableClient;
  what: { request: SeatRequest } | { leaseId: string; action: LeaseAction };
  /** It goes by a look at the groups that began no earlier, by the clock that nobody sets. */
  notBeforeMs: number;
  settle: (taken: Taken) => void;
  fail: (error: unknown) => void;
}

/** Those who wait for the same book and want the same groups. */
interface Desk {
  selector: GroupSelector;
  key: string;
  waiting: Waiter[];
  isBusy: boolean;
  /** As it was read last, and when: what is older is read again before anything is chosen by it. */
  book: SeatBook | undefined;
  readMs: number;
}

/** A request waits so long for others to come with it: a turn of the book costs as much for one as for forty. */
const COLLECT_MS = 4;

/** A message of a queue has 64 KB, and what is larger takes a blob; a request and the group that it gets have some 500 bytes. */
const MAX_BATCH_SIZE = 80;

/** A book answers within its backend's queue delay; what it has not taken by then it takes no more. */
const TAKEN_TIMEOUT_MS = 30_000;

/** A turn of a book takes so long where nothing has to be waited for. */
const FIRST_LOOK_MS = 15;

/** Choosing by what was sold a while ago would offer groups that are full, and each of those costs another try. */
const BOOK_MAX_AGE_MS = 1_000;

/** What other processes sell meanwhile can make a request go without, which is then asked again by what is known of that. */
const MAX_TRIES = 3;

/**
 * Makes the clerk of this process. Requests that come while a batch is under way go into the next one together; what is answered is read of the
 * committed state of the book, once for the whole batch.
 */
export function createSeatClerk(now: () => number): SeatClerk {
  const catalogueOf = createGroupCatalogue(now);
  const desks = new Map<string, Desk>();

  async function serve(desk: Desk): Promise<void> {
    desk.isBusy = true;
    while (desk.waiting.length > 0) {
      await pause(COLLECT_MS);
      const waiters = desk.waiting.splice(0, MAX_BATCH_SIZE);
      try {
        const taken = await send(desk, waiters);
        for (const { settle } of waiters) {
          settle(taken);
        }
      } catch (error) {
        for (const { fail } of waiters) {
          fail(error);
        }
      }
    }
    desk.isBusy = false;
    for (const [id, each] of desks) {
      if (!each.isBusy && performance.now() - each.readMs > BOOK_MAX_AGE_MS) {
        desks.delete(id);
      }
    }
  }

  async function send(desk: Desk, waiters: readonly Waiter[]): Promise<Taken> {
    const { selector, key } = desk;
    const client = clientOf(waiters);
    const requests = waiters.flatMap(({ what }) => ('request' in what ? [what.request] : []));
    const actions = waiters.flatMap(({ what }) => ('request' in what ? [] : [what]));
    const notBeforeMs = Math.max(...waiters.map((waiter) => waiter.notBeforeMs));
    const catalogue = requests.length === 0 ? noLook(toInstant(now())) : await catalogueOf(client, notBeforeMs);
    const { asOf } = catalogue;
    if (requests.length > 0 && performance.now() - desk.readMs > BOOK_MAX_AGE_MS) {
      noteBook(desk, await client.read(seatBookEntity, key));
    }
    const groups = offerGroups(selectGroups(catalogue, selector), requests, desk.book, asOf);
    if (groups.length + actions.length === 0 && desk.book === undefined) {
      // A book that is begun for nothing stays for good.
      return { book: emptyBook(asOf), leases: new Map(), byGroup: new Map(), catalogue };
    }
    const batchId = crypto.randomUUID();
    await client.signal(seatBookEntity, key, 'take', { batchId, asOf, groups, requests, actions });
    // To look at once would find nothing, and a book is large.
    await pause(FIRST_LOOK_MS);
    const book = await poll(TAKEN_TIMEOUT_MS, async () => {
      const read = await client.read(seatBookEntity, key);
      return read?.batches.includes(batchId) === true ? read : undefined;
    });
    if (book === undefined) {
      const message = 'The request is stored and not answered yet. Ask again, as before.';
      throw new Problem({ code: 'commandPending', message });
    }
    noteBook(desk, book);
    const leases = leasesByRequest(book);
    return { book, leases, byGroup: Map.groupBy(leases.values(), ({ group }) => group), catalogue };
  }

  function queue(client: DurableClient, selector: GroupSelector, what: Waiter['what'], notBeforeMs: number) {
    const key = keyOf(selector.fleet);
    const id = JSON.stringify(selector);
    const desk = desks.get(id) ?? { selector, key, waiting: [], isBusy: false, book: undefined, readMs: -Infinity };
    desks.set(id, desk);
    const { promise, resolve, reject } = Promise.withResolvers<Taken>();
    desk.waiting.push({ client, what, notBeforeMs, settle: resolve, fail: reject });
    if (!desk.isBusy) {
      void serve(desk);
    }
    return promise;
  }

  return {
    async ask(client, selector, request) {
      const sinceMs = performance.now();
      for (let tries = 1; ; tries += 1) {
        // Nobody is told that there is no room by what was known before he asked.
        const taken = await queue(client, selector, { request }, tries === 1 ? 0 : sinceMs);
        if (taken.leases.has(request.requestId) || tries === MAX_TRIES) {
          return taken;
        }
        const { book, catalogue } = taken;
        const isOld = catalogue.asOfMs < sinceMs;
        if (!isOld && offerGroups(selectGroups(catalogue, selector), [request], book, catalogue.asOf).length === 0) {
          return taken;
        }
      }
    },
    async act(client, fleet, action) {
      return (await queue(client, { fleet, labels: {} }, action, 0)).book;
    },
  };
}

function noteBook(desk: Desk, book: SeatBook | undefined): void {
  Object.assign(desk, { book, readMs: performance.now() });
}

function keyOf(fleet: string): string {
  const key = bookKey(fleet);
  if (key === undefined) {
    throw new Error(`The name of a fleet has come past its limit: ${fleet.length} characters.`);
  }
  return key;
}

/** What is done with leases goes by no look at groups. */
function noLook(asOf: string): Catalogue {
  return { asOf, asOfMs: performance.now(), groups: new Map() };
}

function clientOf([waiter]: readonly Waiter[]): DurableClient {
  if (waiter === undefined) {
    throw new Error('A batch has somebody who waits for it.');
  }
  return waiter.client;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
