import type { z } from 'zod';
import { listTokenSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { violationProblem } from './problem.ts';

/** What ACIList was asked for, as far as its pages depend on it. */
export interface ListFilter {
  state: string;
  fleet?: string;
  location?: string;
}

/** Where an answer begins: a page of the backend, by the backend's own token, and the last key of it that was handed out. */
export interface ListPosition {
  /** Absent: the first page. */
  page?: string;
  /** Absent: nothing of it was handed out. */
  after?: string;
}

/** A continuation token of ACIList: text that every URL, header and log takes as it is. */
export function formatListToken(position: ListPosition, filter: ListFilter): string {
  const content: z.infer<typeof listTokenSchema> = { version: 1, ...position, ...filter };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/**
 * Reads a token. Throws the problem that names `continuationToken` when it is none of ours, or the part of the filter that has
 * changed since the request that brought it: its pages would be those of another list.
 */
export function parseListToken(token: string, filter: ListFilter): ListPosition {
  const parsed = listTokenSchema.safeParse(contentOf(token));
  if (!parsed.success) {
    throw invalid('continuationToken', 'a token that an earlier answer brought');
  }
  const { page, after, ...given } = parsed.data;
  for (const field of ['state', 'fleet', 'location'] as const) {
    if (given[field] !== filter[field]) {
      throw invalid(field, 'the same as in the request that brought the continuationToken');
    }
  }
  return defined({ page, after });
}

function contentOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function invalid(field: string, expected: string): Error {
  return violationProblem([{ field, expected }], 'invalidRequest');
}
