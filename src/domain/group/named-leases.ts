import { z } from 'zod';
import { openObject } from '../open-shape.ts';

/** A lease on seats of the group, as far as the group has heard of it. */
export const heldLeaseSchema = openObject({
  id: z.string(),
  /** The server has named it, and counts who sits on it among its sessions. */
  seen: z.literal(true).exactOptional(),
});
export type HeldLease = z.infer<typeof heldLeaseSchema>;

/** Leases that one report may name. */
export const MAX_NAMED_LEASES = 256;

/** An id of a lease, which is ours, or what somebody else takes for one. */
export const leaseIdSchema = z.string().min(1).max(64);

/** The leases of a group after its server has named some; of those that only a server told of, the newest are remembered. */
export function nameLeases(held: readonly HeldLease[], named: readonly string[]): HeldLease[] {
  const all = new Map(held.map((lease) => [lease.id, lease]));
  for (const id of named) {
    const { ...lease } = all.get(id) ?? { id };
    all.delete(id);
    all.set(id, { ...lease, seen: true });
  }
  return [...all.values()].slice(-MAX_NAMED_LEASES);
}
