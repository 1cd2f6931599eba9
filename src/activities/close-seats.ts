import type { z } from 'zod';
import { containerGroupEntity } from '../contracts/container-group.ts';
import type { closeSeats } from '../contracts/deletion.ts';
import { seatBookEntity } from '../contracts/seat-book.ts';
import { hasToBeSeenGone } from '../domain/group/begin-delete.ts';
import { isBeingDeleted, type ContainerGroup } from '../domain/group/container-group.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { newerState } from '../domain/group/newer-group.ts';
import { bookKey, fleetOf } from '../domain/seat/book-key.ts';
import { closingOutcome, isLongOffSale, type CloseGroup } from '../domain/seat/close-group.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler, ActivityTools } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';

type Outcome = z.infer<typeof closeSeats.output>;

/** Looks at the book until it has taken the closing: in Azure a signal takes some tenths of a second, and a time-out costs the deletion another try. */
const LOOKS_MS = [20, 40, 80, 160, 320, 640, 1_280, 2_560];

/**
 * Closes a group in the book of its fleet. What is answered stands in the committed state of the book. A deletion by force does not depend on a book that
 * can't be read, or that does not answer.
 */
export function closeSeatsActivity({ now }: { now: () => number }): ActivityHandler<typeof closeSeats> {
  return async ({ closingId, mode, incarnation: wanted, absenceSeen, ...id }, tools) => {
    const { client } = tools;
    const key = groupKey(id);
    const found = await client.readAny(containerGroupEntity, key);
    const group = found?.is === 'known' ? found.state : undefined;
    const book = group && bookKey(fleetOf(group));
    if (group === undefined || book === undefined || (wanted ?? group.incarnation) !== group.incarnation) {
      return { outcome: 'nothing' };
    }
    const { incarnation } = group;
    if (mode === 'graceful' && absenceSeen !== true && hasToBeSeenGone(group)) {
      return { outcome: 'absenceNotSeen', incarnation };
    }
    const at = toInstant(now());
    if (mode !== 'force') {
      const before = await client.readAny(seatBookEntity, book);
      if (before?.is === 'newer') {
        return { outcome: 'refused', failure: newerState(book) };
      }
      if (before === undefined && mode === 'graceful' && isLongOffSale(group, at)) {
        return { outcome: 'nothing' };
      }
    }
    const force = mode === 'force' || isBeyondSaving(group, absenceSeen);
    const command = { closingId, at, key, incarnation, force };
    await client.signal(seatBookEntity, book, 'close', command);
    return mode === 'force' ? lookByForce(tools, book, command) : lookForOutcome(tools.client, book, command);
  };
}

async function lookByForce({ client, log }: ActivityTools, book: string, command: CloseGroup): Promise<Outcome> {
  try {
    const outcome = await lookForOutcome(client, book, command);
    return outcome.outcome === 'pending' ? { outcome: 'nothing' } : outcome;
  } catch (error) {
    log(`The book ${book} can't be read, and ${command.key} is deleted by force without it: ${String(error)}`);
    return { outcome: 'nothing' };
  }
}

async function lookForOutcome(client: DurableClient, book: string, command: CloseGroup): Promise<Outcome> {
  const { incarnation } = command;
  for (const lookMs of LOOKS_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, lookMs);
    });
    const outcome = closingOutcome(await client.read(seatBookEntity, book), command);
    if (outcome !== undefined) {
      return outcome === 'closed' ? { outcome, incarnation } : { outcome: 'refused', failure: outcome };
    }
  }
  return { outcome: 'pending', incarnation };
}

/**
 * There is no way back for it, or it was seen to be gone: nobody can play on it, whatever he leased. Azure's word alone is taken back at times; of a
 * group that never ran nothing was leased.
 */
function isBeyondSaving(group: ContainerGroup, absenceSeen: true | undefined): boolean {
  const isSeenGone = group.state === 'Failed' && group.failure.code === 'deletedOutside' && absenceSeen === true;
  return isBeingDeleted(group) || isSeenGone;
}
