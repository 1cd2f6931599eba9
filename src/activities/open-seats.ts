import { containerGroupEntity } from '../contracts/container-group.ts';
import type { openSeats } from '../contracts/deletion.ts';
import { seatBookEntity } from '../contracts/seat-book.ts';
import { groupKey } from '../domain/group/group-id.ts';
import { bookKey, fleetOf } from '../domain/seat/book-key.ts';
import type { ActivityHandler } from '../durable/activity.ts';

/** Opens a group in the book of its fleet again; one that is another by now was closed for good. */
export const openSeatsActivity: ActivityHandler<typeof openSeats> = async (
  { closingId, incarnation, ...id },
  { client },
) => {
  const key = groupKey(id);
  const group = await client.read(containerGroupEntity, key);
  const book = group?.incarnation === incarnation ? bookKey(fleetOf(group)) : undefined;
  if (book !== undefined) {
    await client.signal(seatBookEntity, book, 'open', { closingId, key, incarnation });
  }
  return {};
};
