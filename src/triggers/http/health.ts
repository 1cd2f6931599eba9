import type { EventCounts } from '../event-counts.ts';
import type { SealingHealth } from '../sealing-check.ts';
import type { HttpFunction } from './register-http.ts';

/**
 * GET /api/health: 200 once the app serves, with what this instance has seen of Event Grid's events; 503 while the sealing
 * keys are not those that sealed what is stored.
 */
export function health(events: EventCounts, sealing: SealingHealth): HttpFunction {
  return {
    name: 'health',
    methods: ['GET'],
    handle: () =>
      Promise.resolve(
        sealing.fault === undefined
          ? { jsonBody: { status: 'ok', events: events.snapshot() } }
          : { status: 503, jsonBody: { status: 'wrongSealingKeys', events: events.snapshot() } },
      ),
  };
}
