import { emptyBook, type SeatBook } from '../../../../src/domain/seat/seat-book.ts';
import type { Lease } from '../../../../src/domain/seat/lease.ts';
import type { SeatFacts } from '../../../../src/domain/seat/seat-facts.ts';
import type { Batch, SeatRequest } from '../../../../src/domain/seat/take-batch.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN } from '../group/group-fixture.ts';

/** So many milliseconds after the beginning. */
export const at = (ms: number): string => addMs(BORN, ms);

/** A group of four seats that nobody plays on, known since the beginning. */
export const facts: SeatFacts = {
  key: 'games:game-1',
  incarnation: 'first',
  location: 'westeurope',
  seats: 4,
  sessions: 0,
  knownAt: BORN,
  seen: [],
};

/** A seat on that group for a minute, and for an hour once it is confirmed. */
export const lease: Lease = {
  requestId: 'request-1',
  group: facts.key,
  incarnation: 'first',
  seats: 1,
  grantedAt: BORN,
  expiresAt: at(60_000),
  leaseSeconds: 60,
  confirmSeconds: 3_600,
};

export const request: SeatRequest = {
  requestId: 'request-1',
  leaseId: 'lease-1',
  seats: 1,
  strategy: 'packed',
  leaseSeconds: 60,
  confirmSeconds: 3_600,
};

/** A batch of these requests, with this group looked at in the beginning. */
export function batchOf(requests: SeatRequest[], given: Partial<Batch> = {}): Batch {
  return { batchId: 'batch-1', asOf: BORN, groups: [facts], requests, actions: [], ...given };
}

/** A book in the beginning that knows the group and holds these leases. */
export function bookOf(leases: Record<string, Lease>, given: Partial<SeatBook> = {}): SeatBook {
  const { incarnation, seats, sessions, knownAt } = facts;
  const group = { incarnation, seats, sessions, knownAt, asOf: BORN };
  return { ...emptyBook(BORN), groups: { [facts.key]: group }, leases, ...given };
}
