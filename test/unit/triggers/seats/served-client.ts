import { containerGroupSchema, type ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { seatBookOperations } from '../../../../src/entities/seat-book.ts';
import { batchSchema, type Batch } from '../../../../src/domain/seat/take-batch.ts';
import { seatBookSchema } from '../../../../src/domain/seat/seat-book.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';

/** A durable client of a host whose books take the batches that they are sent. */
export interface ServedClient extends FakeDurableClient {
  readonly batches: Batch[];
  /** How often all groups were looked at. */
  looks: number;
  /** The batches that come from now on are stored, and not taken. */
  isStuck: boolean;
}

/** Such a client, with these groups, at a time that the caller sets. */
export function servedClient(groups: readonly ContainerGroup[], now: () => number): ServedClient {
  const client = createFakeDurableClient();
  for (const group of groups) {
    client.entities.set(`games:${group.containerGroupName}`, containerGroupSchema.parse(group));
  }
  const { take } = seatBookOperations(now);
  const served: ServedClient = {
    ...client,
    batches: [],
    looks: 0,
    isStuck: false,
    async signal(entity, key, operation, input) {
      await client.signal(entity, key, operation, input);
      const batch = batchSchema.parse(input);
      served.batches.push(batch);
      if (!served.isStuck) {
        const book = seatBookSchema.optional().parse(client.entities.get(key));
        client.entities.set(key, take(book, batch).state);
      }
    },
    async query(entity, page) {
      served.looks += 1;
      return client.query(entity, page);
    },
  };
  return served;
}
