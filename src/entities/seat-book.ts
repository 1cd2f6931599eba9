import type { z } from 'zod';
import type { seatBookEntity } from '../contracts/seat-book.ts';
import { closeGroup, openGroup } from '../domain/seat/close-group.ts';
import { takeBatch } from '../domain/seat/take-batch.ts';
import { toInstant } from '../domain/time.ts';
import type { EntityOperations } from '../durable/entity.ts';

/**
 * The operations of a seat book. It goes by the clock of the process that it runs in, and not by when a message was sent: a message may come
 * so late that it must do nothing any more.
 */
export function seatBookOperations(
  now: () => number,
): EntityOperations<z.infer<typeof seatBookEntity.state>, typeof seatBookEntity.operations> {
  const at = () => toInstant(now());
  return {
    take: (book, batch) => ({ state: takeBatch(book, batch, at()), reply: {} }),
    close: (book, command) => ({ state: closeGroup(book, command, at()), reply: {} }),
    open: (book, command) => ({ state: openGroup(book, command, at()), reply: {} }),
  };
}
