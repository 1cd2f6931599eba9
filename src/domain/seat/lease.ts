import { z } from 'zod';
import { openObject } from '../open-shape.ts';
import { addMs, elapsedMs, instantSchema, laterOf, type Instant } from '../time.ts';

/** A seat, or some of them, that a matchmaker was promised on one group. */
export const leaseSchema = openObject({
  /** Of the request that it answers: the same request gets the same lease. */
  requestId: z.string(),
  /** The key of its group. */
  group: z.string(),
  /** Of that group's incarnation. */
  incarnation: z.string(),
  seats: z.int().min(1),
  grantedAt: instantSchema,
  /** When it ends unless it is confirmed or renewed. */
  expiresAt: instantSchema,
  leaseSeconds: z.int(),
  confirmSeconds: z.int(),
  /** It was confirmed, and ends then. */
  confirmedUntil: instantSchema.exactOptional(),
  /** The server has named it: who sits on it is among the sessions that the server counts. */
  seen: z.literal(true).exactOptional(),
  releasedAt: instantSchema.exactOptional(),
  /** Its group went, or was deleted by force, while it lasted. */
  lostAt: instantSchema.exactOptional(),
  /** The closing that broke it, which gives it back if the group is opened again. */
  lostBy: z.string().exactOptional(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** What can be done with a lease. */
export const leaseActionSchema = z.enum(['confirm', 'renew', 'release']);
export type LeaseAction = z.infer<typeof leaseActionSchema>;

/** How a lease is: it lasts, or why it does not. */
export type LeaseCondition = 'held' | 'expired' | 'released' | 'lost';

/**
 * A player may join in the last moment of a lease. This long after it the server's count has come to the group: a report is stored when it is
 * answered, and taken within a second or two. Facts that are as of a moment before don't free the seat.
 * A crash can hold a report back for 66 seconds, which this does not cover: the seats of a server that reports only when its count changes would be empty for
 * that long after each lease.
 */
export const REPORT_LAG_MS = 5_000;

/** How a lease is at a moment. */
export function conditionOf(lease: Lease, at: Instant): LeaseCondition {
  if (lease.releasedAt !== undefined) {
    return 'released';
  }
  if (lease.lostAt !== undefined) {
    return 'lost';
  }
  return elapsedMs(endOf(lease), at) < 0 ? 'held' : 'expired';
}

/** When a lease ends, or ended. */
export function endOf({ releasedAt, lostAt, confirmedUntil, expiresAt }: Lease): Instant {
  return releasedAt ?? lostAt ?? confirmedUntil ?? expiresAt;
}

/** Whether a lease has to be counted beside the sessions that were known at a moment: who sits on it may not be among them. */
export function countsBeside(lease: Lease, asOf: Instant): boolean {
  if (lease.seen === true || lease.lostAt !== undefined) {
    return false;
  }
  // Also after a release, which may mean that the server counts him already: its report is on its way as long as any other.
  return elapsedMs(endOf(lease), asOf) < REPORT_LAG_MS;
}

/** The lease after an action; one that has ended stays as it is, and so does one that is as it should be. */
export function act(lease: Lease, action: LeaseAction, at: Instant): Lease {
  if (conditionOf(lease, at) !== 'held') {
    return lease;
  }
  const confirmedUntil = addMs(at, lease.confirmSeconds * 1_000);
  switch (action) {
    case 'confirm':
      return lease.confirmedUntil === undefined
        ? { ...lease, confirmedUntil: laterOf(lease.expiresAt, confirmedUntil) }
        : lease;
    case 'renew':
      return lease.confirmedUntil === undefined
        ? { ...lease, expiresAt: laterOf(lease.expiresAt, addMs(at, lease.leaseSeconds * 1_000)) }
        : { ...lease, confirmedUntil: laterOf(lease.confirmedUntil, confirmedUntil) };
    case 'release':
      return { ...lease, releasedAt: at };
  }
}
