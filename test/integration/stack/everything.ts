import { readAllPages } from './pages.ts';
import type { Stack } from './stack.ts';

/** Everything that a request could change: entities, orchestrations, and what ARM was asked. */
export async function readEverything(stack: Stack): Promise<object> {
  await stack.settle();
  const read = (path: string) => readAllPages((headers) => stack.get(`/runtime/webhooks/durabletask/${path}`, headers));
  const entities = await read('entities?fetchState=true&top=100');
  const instances = await read('instances?top=100');
  return { entities, instances, asked: stack.arm.requestCounts() };
}
