import type { HttpResponseInit } from '@azure/functions';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { isBeingDeleted, type ContainerGroup } from '../../domain/group/container-group.ts';
import { toListItem } from '../../domain/group/list-item.ts';
import { conditionOf, endOf, type Lease } from '../../domain/seat/lease.ts';
import { leasesOf, seatsTaken, type SeatBook } from '../../domain/seat/seat-book.ts';
import { seatsOf } from '../../domain/seat/seat-facts.ts';
import { defined } from '../../domain/defined.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { Problem } from '../http/problem.ts';

/** A lease with its id, as a book has committed it, and the fleet that it is of. */
export interface LeaseOfFleet {
  fleet: string;
  id: string;
  lease: Lease;
  book: SeatBook;
  /** All leases of its group, where they have been looked for already. */
  ofGroup?: readonly Lease[];
}

/**
 * The answer that brings a lease: where its seats are, and until when. `found` is the group where it has just been looked at. Throws the problem of a lease
 * that has ended, or whose group is not there to be played on any more.
 */
export async function leaseAnswer(
  client: DurableClient,
  { fleet, id, lease, book, ofGroup }: LeaseOfFleet,
  found: ContainerGroup | undefined,
): Promise<HttpResponseInit> {
  requireHeld(lease, book);
  const isGood = (each: ContainerGroup | undefined) => each?.incarnation === lease.incarnation && isPlayable(each);
  // What a look shows may be a second older than the lease.
  const group = isGood(found) ? found : await client.read(containerGroupEntity, lease.group);
  if (group === undefined || !isGood(group)) {
    throw groupLost();
  }
  const { resourceGroup, containerGroupName, publicIP, fqdn, ports, location, activeSessions } = toListItem(group);
  const booked = book.groups[lease.group] ?? { sessions: activeSessions, asOf: book.clock };
  const { incarnation } = lease;
  const leases = ofGroup ?? leasesOf(book, { key: lease.group, incarnation }).map(([, each]) => each);
  const { requestId, seats, confirmedUntil } = lease;
  return {
    jsonBody: {
      leaseId: id,
      requestId,
      fleet,
      seats,
      resourceGroup,
      containerGroupName,
      ...defined({ publicIP, fqdn }),
      ports,
      location,
      expiresAt: endOf(lease),
      isConfirmed: confirmedUntil !== undefined,
      seatsFree: Math.max(
        seatsOf(group) -
          seatsTaken(
            booked,
            leases.filter((each) => each.incarnation === incarnation),
          ),
        0,
      ),
    },
  };
}

/** What is wrong with a lease that nobody knows. */
export function unknownLease(what: string): Problem {
  return new Problem({ code: 'unknownLease', message: `This fleet has no lease ${what}, or it ended long ago.` });
}

function requireHeld(lease: Lease, book: SeatBook): void {
  const condition = conditionOf(lease, book.clock);
  switch (condition) {
    case 'held':
      return;
    case 'expired':
    case 'released': {
      const message = `The lease ${condition === 'expired' ? 'expired' : 'was released'} at ${endOf(lease)}.`;
      throw new Problem({ code: 'leaseEnded', message }, { endedAt: endOf(lease) });
    }
    case 'lost':
      throw groupLost();
  }
}

function isPlayable(group: ContainerGroup): boolean {
  return (group.state === 'Running' || group.state === 'MarkedForDeletion') && !isBeingDeleted(group);
}

function groupLost(): Problem {
  const message = 'The group of this lease was deleted, or has failed. Ask for a seat with another requestId.';
  return new Problem({ code: 'groupLost', message });
}
