import type { ApiRequest } from '../../../../src/triggers/http/api-request.ts';
import type { FakeDurableClient } from '../../durable/fake-durable-client.ts';

/** A request to a function of the API, with a body and perhaps an Idempotency-Key. */
export function requestWith(
  client: FakeDurableClient,
  body: unknown,
  idempotencyKey: string | null = null,
): ApiRequest {
  return {
    method: 'POST',
    query: {},
    params: {},
    header: (name) => (name === 'idempotency-key' ? idempotencyKey : null),
    json: async () => body,
    client,
    cause: 'request 7',
  };
}
