import { idempotencyKeySchema } from '../../contracts/http-api.ts';
import { parseRequest, type ApiRequest } from './api-request.ts';
import { Problem } from './problem.ts';

const HEADER = 'Idempotency-Key';

/** The key by which a request says that it is the same as an earlier one; throws the problem when it can't be one. */
export function idempotencyKeyOf(request: ApiRequest): string | undefined {
  return parseRequest(idempotencyKeySchema.optional(), request.header(HEADER.toLowerCase()) ?? undefined, {
    root: HEADER,
  });
}

/** What is wrong with a key that is known from a request with another body. */
export function idempotencyKeyReused(): Problem {
  const message = 'This Idempotency-Key came with another body before. Use a new key for a new request.';
  return new Problem(
    { code: 'idempotencyKeyReused', message },
    { field: HEADER, expected: 'a key that was not used for another body' },
  );
}
