import type { EventCounts } from '../event-counts.ts';
import type { HttpFunction } from './register-http.ts';

/** GET /api/health: 200 once the app serves, with what this instance has seen of Event Grid's events. */
export function health(events: EventCounts): HttpFunction {
  return {
    name: 'health',
    methods: ['GET'],
    handle: () => Promise.resolve({ jsonBody: { status: 'ok', events: events.snapshot() } }),
  };
}
