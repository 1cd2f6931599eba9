import { isBeingDeleted } from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { CommandOf, GroupCommand } from '../../src/domain/group/group-command.ts';
import { groupKey } from '../../src/domain/group/group-id.ts';
import { closeGroup, closingOutcome, openGroup } from '../../src/domain/seat/close-group.ts';
import { conditionOf, type LeaseAction } from '../../src/domain/seat/lease.ts';
import type { SeatBook } from '../../src/domain/seat/seat-book.ts';
import { takeBatch, type Batch } from '../../src/domain/seat/take-batch.ts';
import { toInstant } from '../../src/domain/time.ts';
import { BORN, createCommand } from '../unit/domain/group/group-fixture.ts';
import { shownFacts, type Server } from './seat-server.ts';
import type { Delivery, Repeatable, Sent, Step } from './seat-steps.ts';

/** A book, servers with players, their groups, and everybody who sends messages between them. */
export class SeatWorld {
  book: SeatBook | undefined;
  #nowMs = Date.parse(BORN);
  #count = 0;
  readonly #servers: Server[];
  readonly #underWay: { dueMs: number; deliver: () => void }[] = [];
  /** Leases that nobody will come for any more: he came, or gave it back. */
  readonly #used = new Set<string>();
  readonly #closings: { id: string; server: Server; incarnation: string }[] = [];

  constructor(servers: readonly { seats: number; names: boolean }[]) {
    this.#servers = servers.map((each, index) => this.#create(each, index));
  }

  get now(): string {
    return toInstant(this.#nowMs);
  }

  /** Lets time pass, and everything arrive that is due. */
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#underWay
        .filter(({ dueMs }) => dueMs <= untilMs)
        .toSorted((one, other) => one.dueMs - other.dueMs)[0];
      if (next === undefined) {
        break;
      }
      this.#underWay.splice(this.#underWay.indexOf(next), 1);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.deliver();
    }
    this.#nowMs = untilMs;
  }

  /** Takes a step; answers the leases and players whose group was deleted under them. */
  take(step: Step): string[] {
    switch (step.do) {
      case 'allocate':
        this.#allocate(step);
        return [];
      case 'join':
        this.#join(step);
        return [];
      case 'leave':
        this.#leave(step);
        return [];
      case 'beat':
        this.#report(this.#serverAt(step.index), step.delivery);
        return [];
      case 'boot':
        this.#boot(step);
        return [];
      case 'confirm':
      case 'renew':
      case 'release':
        this.#act(step.do, step);
        return [];
      case 'settle':
        this.#settle(step);
        return [];
      case 'close':
        this.#close(step);
        return [];
      case 'goOnDeleting':
        return this.#goOnDeleting(step.delivery);
    }
  }

  #allocate({ requestId, seats, staleMs, lookedMs, delivery, isRunAgain }: Extract<Step, { do: 'allocate' }>): void {
    const groups = this.#servers.flatMap((server) => shownFacts(server, this.#nowMs - staleMs));
    const asOf = this.now;
    this.#underWay.push({
      dueMs: this.#nowMs + lookedMs,
      deliver: () => {
        const request = {
          requestId: `request-${requestId}`,
          leaseId: `lease-${this.#next()}`,
          seats,
          strategy: 'packed',
          leaseSeconds: 20,
          confirmSeconds: 60,
        } as const;
        this.#sendBatch(
          { batchId: `batch-${this.#next()}`, asOf, groups, requests: [request], actions: [] },
          delivery,
          isRunAgain,
        );
      },
    });
  }

  /** Whoever has a lease does something with it; who gives it back does not come any more. */
  #act(action: LeaseAction, sent: Repeatable): void {
    const leaseId = this.#waiting()[sent.index % Math.max(this.#waiting().length, 1)];
    if (leaseId === undefined) {
      return;
    }
    if (action === 'release') {
      this.#used.add(leaseId);
    }
    this.#sendAction(leaseId, action, sent);
  }

  /** Whoever has joined was reported, and his lease is given back, since the server counts him. */
  #settle(sent: Repeatable): void {
    const joined = this.#servers.flatMap(({ players }) => [...players.keys()]);
    for (const leaseId of joined.slice(sent.index % Math.max(joined.length, 1)).slice(0, 1)) {
      this.#sendAction(leaseId, 'release', sent);
    }
  }

  #sendAction(leaseId: string, action: LeaseAction, { delivery, isRunAgain }: Repeatable): void {
    const actions = [{ leaseId, action }];
    const batch = { batchId: `batch-${this.#next()}`, asOf: this.now, groups: [], requests: [], actions };
    this.#sendBatch(batch, delivery, isRunAgain);
  }

  /** Somebody joins the server that he has a lease on. */
  #join({ index, delivery }: Sent): void {
    const leaseId = this.#waiting()[index % Math.max(this.#waiting().length, 1)];
    const lease = leaseId === undefined ? undefined : this.book?.leases[leaseId];
    const server = this.#servers.find((each) => each.incarnation === lease?.incarnation);
    if (leaseId !== undefined && lease !== undefined && server !== undefined) {
      this.#used.add(leaseId);
      server.players.set(leaseId, lease.seats);
      this.#report(server, delivery);
    }
  }

  #leave({ index, delivery }: Sent): void {
    const server = this.#serverAt(index);
    const [player] = server.players.keys();
    if (player !== undefined) {
      server.players.delete(player);
      this.#report(server, delivery);
    }
  }

  /** The server starts anew: everybody has to go. */
  #boot({ index, delivery }: Sent): void {
    const server = this.#serverAt(index);
    server.players.clear();
    server.bootId = `boot-${this.#next()}`;
    server.sequence = 0;
    this.#report(server, delivery);
  }

  /** A deletion asks the book to close the group. */
  #close({ index, delivery, isRunAgain }: Repeatable): void {
    const server = this.#serverAt(index);
    const { incarnation, group } = server;
    if (group !== undefined) {
      const closingId = `closing-${this.#next()}`;
      this.#closings.push({ id: closingId, server, incarnation });
      const command = { closingId, at: this.now, key: groupKey(group), incarnation, force: false };
      this.#send(delivery, () => this.#change(isRunAgain, (book) => closeGroup(book, command, this.now)));
    }
  }

  /** The deletions that see their group closed go on, or open it again if sessions are known by now. Answers what they deleted too early. */
  #goOnDeleting(delivery: Delivery): string[] {
    const wronged: string[] = [];
    for (const { id, server, incarnation } of this.#closings.splice(0)) {
      const { group } = server;
      if (group === undefined || group.incarnation !== incarnation) {
        continue;
      }
      const named = { closingId: id, key: groupKey(group), incarnation };
      if (closingOutcome(this.book, named) !== 'closed') {
        continue;
      }
      const command = { command: 'beginDelete', at: this.now, mode: 'ifIdle', sessionsStaleAfterMs: 1 } as const;
      this.#apply(server, { ...command, incarnation });
      if (server.group !== undefined && isBeingDeleted(server.group)) {
        wronged.push(
          ...server.players.keys(),
          ...this.#waiting().filter((lease) => this.book?.leases[lease]?.incarnation === incarnation),
        );
        this.#recreate(server);
      } else {
        this.#send(delivery, () => this.#change(false, (book) => openGroup(book, named, this.now)));
      }
    }
    return wronged;
  }

  /** By incarnation: who plays or may yet come, and how many seats there are. */
  seatsSold(): { sold: number; seats: number }[] {
    return this.#servers.map(({ players, seats, incarnation }) => {
      const playing = [...players.values()].reduce((sum, each) => sum + each, 0);
      const leases = this.#waiting().flatMap((id) => this.book?.leases[id] ?? []);
      const promised = leases
        .filter((lease) => lease.incarnation === incarnation)
        .reduce((sum, lease) => sum + lease.seats, 0);
      return { sold: playing + promised, seats };
    });
  }

  /** Leases whose owners may still come. */
  #waiting(): string[] {
    return Object.entries(this.book?.leases ?? {})
      .filter(([id, lease]) => !this.#used.has(id) && conditionOf(lease, this.now) === 'held')
      .map(([id]) => id);
  }

  #create({ seats, names }: { seats: number; names: boolean }, index: number): Server {
    const incarnation = `incarnation-${this.#next()}`;
    const created = decide(undefined, {
      ...createCommand,
      at: this.now,
      containerGroupName: `game-${index}`,
      incarnation,
      maxSessions: seats,
    }).group;
    const group = decide(created, { command: 'provisioned', at: this.now, incarnation, endpoint: { ports: [] } }).group;
    return { seats, names, incarnation, bootId: incarnation, sequence: 0, players: new Map(), group, past: [] };
  }

  #recreate(server: Server): void {
    const { past } = server;
    past.push({ atMs: this.#nowMs, group: server.group });
    Object.assign(server, this.#create(server, this.#servers.indexOf(server)), { past });
  }

  #report(server: Server, delivery: Delivery): void {
    server.sequence += 1;
    const { incarnation, bootId, sequence } = server;
    const report: CommandOf<'reportSessions'> = {
      command: 'reportSessions',
      source: 'server',
      at: this.now,
      incarnation,
      bootId,
      sequence,
      receipt: { process: 'a', number: this.#next() },
      activeSessions: [...server.players.values()].reduce((sum, each) => sum + each, 0),
      ...(server.names && { leases: [...server.players.keys()] }),
    };
    // A server repeats what was not answered, and what was answered is never lost.
    this.#send(delivery.length === 0 ? [0] : delivery.map((ms) => Math.min(ms, 3_900)), () =>
      this.#apply(server, report),
    );
  }

  #apply(server: Server, command: GroupCommand): void {
    server.past.push({ atMs: this.#nowMs, group: server.group });
    server.group = decide(server.group, command).group;
  }

  #sendBatch(batch: Batch, delivery: Delivery, isRunAgain: boolean): void {
    this.#send(delivery, () => this.#change(isRunAgain, (book) => takeBatch(book, batch, this.now)));
  }

  /** A turn of the entity whose commit is lost runs again, later, from what was there before. */
  #change(isRunAgain: boolean, change: (book: SeatBook | undefined) => SeatBook | undefined): void {
    const before = this.book;
    const after = change(before);
    if (isRunAgain) {
      this.#send([700], () => {
        this.book = change(this.book);
      });
    } else {
      this.book = after;
    }
  }

  #send(delivery: Delivery, deliver: () => void): void {
    for (const ms of delivery) {
      this.#underWay.push({ dueMs: this.#nowMs + ms, deliver });
    }
  }

  #serverAt(index: number): Server {
    const server = this.#servers[index % this.#servers.length];
    if (server === undefined) {
      throw new Error('A world has a server.');
    }
    return server;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}
