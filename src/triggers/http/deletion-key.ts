import type { z } from 'zod';
import { rememberDeletion } from '../../contracts/deletion.ts';
import { groupKey, rememberedDeletionId } from '../../domain/group/group-id.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { idempotencyKeyReused } from './idempotency-key.ts';

/** What a keyed ACIDelete is about. */
export type KeyedDeletion = z.infer<typeof rememberDeletion.input>;

/**
 * What the key was first used for, which is this when it is new, and whether it was used before; throws the problem when it came with another body. The group has to be
 * read before: then a key that is not remembered yet has deleted no earlier one of the name.
 */
export async function recallDeletion(
  client: DurableClient,
  idempotencyKey: string,
  deletion: KeyedDeletion,
): Promise<{ first: KeyedDeletion; isRepeated: boolean }> {
  const instanceId = rememberedDeletionId(await digestOf(`${groupKey(deletion)} ${idempotencyKey}`));
  const recall = async (): Promise<KeyedDeletion | undefined> =>
    (await client.statusWithInput(rememberDeletion, instanceId))?.input;
  const known = await recall();
  if (known === undefined) {
    await client.start(rememberDeletion, instanceId, deletion);
  }
  // Read back: of two starts at the same time, one is carried out.
  const first = known ?? (await recall()) ?? deletion;
  if (first.ifIdle !== deletion.ifIdle) {
    throw idempotencyKeyReused();
  }
  return { first, isRepeated: known !== undefined };
}

/** An instance id may not hold every character of a key, nor be as long (https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-instance-management). */
async function digestOf(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('base64url');
}
