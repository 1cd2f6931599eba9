import type { DurableClient } from '../../durable/durable-client.ts';
import type { HttpFunction } from './register-http.ts';

/**
 * GET /api/health: 200 once the app serves and can read what it keeps; 503 while the sealing keys are not those that sealed what is
 * stored.
 */
export function health(readSealingKeys: (client: DurableClient) => Promise<'right' | 'wrong'>): HttpFunction {
  return {
    name: 'health',
    methods: ['GET'],
    handle: async ({ client }) =>
      (await readSealingKeys(client)) === 'right'
        ? { jsonBody: { status: 'ok' } }
        : { status: 503, jsonBody: { status: 'wrongSealingKeys' } },
  };
}
