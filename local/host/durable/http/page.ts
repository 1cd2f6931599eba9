import { formatContinuationToken, parseContinuationToken } from './continuation-token.ts';
import type { PageStart } from './continuation-token.ts';
import type { DurableHttpRequest } from './durable-http.ts';
import type { Platform } from '../platform/platform.ts';

const CONTINUATION_HEADER = 'x-ms-continuation-token';

/** Where the page begins that the request asks for. */
export function readPageStart({ headers }: DurableHttpRequest): PageStart {
  return parseContinuationToken(headers[CONTINUATION_HEADER]);
}

/** A page as it was asked for: where it begins, how long it may be, and the items from there on, one more than it may have. */
export interface PageRequest<Item> {
  start: PageStart;
  limit: number;
  items: readonly Item[];
}

/**
 * Cuts a page; its headers lead to the next one when there is more. By chance it ends early, or holds nothing, as Table storage ends one at
 * the boundary of a partition or after five seconds (learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination); the page
 * after such a one does not, so that a query comes to its end.
 */
export function cutPage<Item>(
  platform: Platform,
  { start, limit, items }: PageRequest<Item>,
  idOf: (item: Item) => string,
): { page: Item[]; headers: Record<string, string> } {
  const fullLength = Math.min(items.length, limit);
  const isShort = fullLength > 0 && !start.isAfterShortPage && platform.happens('shortPage');
  const length = isShort ? platform.upTo(fullLength - 1) : fullLength;
  const next = items[length];
  const token =
    next === undefined ? undefined : formatContinuationToken({ first: idOf(next), isAfterShortPage: isShort });
  return { page: items.slice(0, length), headers: token === undefined ? {} : { [CONTINUATION_HEADER]: token } };
}
