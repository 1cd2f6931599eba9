import { expect } from 'vitest';
import type { Stack } from './stack.ts';

/** Everything that a request could change: entities, orchestrations, and what ARM was asked. */
export async function readEverything(stack: Stack): Promise<object> {
  await stack.settle();
  const entities = await readAllPages(stack, 'entities?fetchState=true&top=100');
  const instances = await readAllPages(stack, 'instances?top=100');
  return { entities, instances, asked: stack.arm.requestCounts() };
}

/** The backend may end a page early. */
async function readAllPages(stack: Stack, path: string): Promise<unknown[]> {
  const url = new URL(`/runtime/webhooks/durabletask/${path}`, stack.origin);
  const items: unknown[] = [];
  for (let token: string | null = ''; token !== null;) {
    const answer: Response = await fetch(url, { headers: token === '' ? {} : { 'x-ms-continuation-token': token } });
    expect(answer.status).toBe(200);
    const page: unknown = await answer.json();
    items.push(...(Array.isArray(page) ? page : [page]));
    token = answer.headers.get('x-ms-continuation-token');
  }
  return items;
}
