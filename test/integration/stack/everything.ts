import { expect } from 'vitest';
import type { Stack } from './stack.ts';

/** Everything that a request could change: entities, orchestrations, and what ARM was asked. */
export async function readEverything(stack: Stack): Promise<object> {
  await stack.settle();
  const entities = await stack.get('/runtime/webhooks/durabletask/entities?fetchState=true&top=100');
  const instances = await stack.get('/runtime/webhooks/durabletask/instances?top=100');
  expect([entities.status, instances.status]).toEqual([200, 200]);
  return { entities: entities.body, instances: instances.body, asked: stack.arm.requestCounts() };
}
