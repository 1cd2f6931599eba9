import { expect } from 'vitest';
import type { Answer } from './stack.ts';

/** The items of all pages of a list of the Durable HTTP API: the backend may end a page early, with more to come. */
export async function readAllPages(
  get: (headers: Record<string, string>) => Promise<Pick<Answer, 'status' | 'headers' | 'body'>>,
): Promise<Answer['body'][]> {
  const items: Answer['body'][] = [];
  for (let token: string | null = ''; token !== null;) {
    const page = await get(token === '' ? {} : { 'x-ms-continuation-token': token });
    expect(page.status).toBe(200);
    items.push(...page.body);
    token = page.headers.get('x-ms-continuation-token');
  }
  return items;
}
