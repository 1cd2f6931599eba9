import { HttpRequest } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import type { FailureCode } from '../../../../src/domain/failure.ts';
import { toApiRequest } from '../../../../src/triggers/http/api-request.ts';
import { Problem } from '../../../../src/triggers/http/problem.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';

/** What the body of a request with these headers is read as: a value, or the problem that it is. */
async function read(headers: Record<string, string>, body?: string): Promise<unknown> {
  const request = new HttpRequest({
    method: 'POST',
    url: 'https://games.example.com/api/ACICreate',
    headers,
    ...(body === undefined ? {} : { body: { string: body } }),
  });
  const reading = toApiRequest(request, createFakeDurableClient(), '7').json(100);
  return reading.catch((error: unknown) => (error instanceof Problem ? error.failure : error));
}

function refusal(code: FailureCode): unknown {
  return expect.objectContaining({ code });
}

describe('the body of a request', () => {
  test('is JSON', async () => {
    expect(await read({ 'content-length': '7' }, '{"a":1}')).toEqual({ a: 1 });
  });

  test('that came in chunks, which the host hands over empty, needs a length', async () => {
    expect(await read({ 'transfer-encoding': 'chunked' })).toEqual({
      code: 'lengthRequired',
      message:
        'The body came in chunks, which the Functions host does not hand over. Send it whole, with a Content-Length header and without Transfer-Encoding.',
    });
    expect(await read({ 'transfer-encoding': 'gzip, Chunked' })).toEqual(refusal('lengthRequired'));
  });

  test('that came in chunks and was handed over is taken', async () => {
    expect(await read({ 'transfer-encoding': 'chunked' }, '{"a":1}')).toEqual({ a: 1 });
  });

  test.each([
    { about: 'without a header that says so', headers: {} },
    { about: 'of length 0', headers: { 'content-length': '0' } },
  ])('that is empty, $about, is missing', async ({ headers }) => {
    expect(await read(headers)).toEqual(refusal('bodyMissing'));
  });

  test('is refused by its announced and by its real length', async () => {
    expect(await read({ 'content-length': '101' }, '1')).toEqual(refusal('bodyTooLarge'));
    expect(await read({}, `"${'x'.repeat(100)}"`)).toEqual(refusal('bodyTooLarge'));
  });

  test('is no JSON, or too deep', async () => {
    expect(await read({}, '{')).toEqual(refusal('bodyNotJson'));
    expect(await read({}, '['.repeat(40) + ']'.repeat(40))).toEqual(refusal('invalidRequest'));
  });
});
