import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  createRequestSchema,
  deleteRequestSchema,
  detailsRequestSchema,
  idempotencyKeySchema,
  listRequestSchema,
  sessionReportSchema,
  setSessionsRequestSchema,
  setStateRequestSchema,
  waitSecondsSchema,
} from '../../../src/contracts/http-api.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const containerGroup = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
};
const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, 'value']));

const good: [string, z.ZodType, unknown][] = [
  [
    'a create with all fields',
    createRequestSchema,
    {
      ...id,
      containerGroup,
      maxSessions: 8,
      labels: labels(20),
      maxLifetimeSeconds: 86_400,
      idleSeconds: 60,
      health: { heartbeatSeconds: 10, failureThreshold: 3, initialDelaySeconds: 30 },
      readiness: 'report',
    },
  ],
  ['a delete of an idle group', deleteRequestSchema, { ...id, ifIdle: true }],
  ['a look at the timeline', detailsRequestSchema, { ...id, type: 'timeline' }],
  ['a report', sessionReportSchema, { ...id, activeSessions: 1_000_000, sequence: 0, bootId: 'a' }],
  ['one report for ACISetSessions', setSessionsRequestSchema, { ...id, activeSessions: 1 }],
  ['a list of reports, whatever they hold', setSessionsRequestSchema, [{ ...id }, null]],
  ['a state', setStateRequestSchema, { ...id, state: 'MarkedForDeletion' }],
  ['an idempotency key', idempotencyKeySchema, '~!'.repeat(64)],
];

test.each(good)('%s comes out as it came in', (_, schema, value) => {
  expect(schema.parse(value)).toEqual(value);
});

describe('a query', () => {
  test('has numbers as text', () => {
    expect(listRequestSchema.parse({ limit: '50', fleet: 'eu' })).toEqual({ limit: 50, fleet: 'eu' });
    expect(detailsRequestSchema.parse({ ...id, type: 'logs', tail: '100' })).toMatchObject({ tail: 100 });
    expect(waitSecondsSchema.parse('60')).toBe(60);
  });
});

const bad: [string, z.ZodType, unknown][] = [
  ['a misspelt field', createRequestSchema, { ...id, containerGroup, maxsessions: 8 }],
  ['a misspelt field of the spec', createRequestSchema, { ...id, containerGroup: { ...containerGroup, os: 'Linux' } }],
  ['room for nobody', createRequestSchema, { ...id, containerGroup, maxSessions: 0 }],
  ['a life of less than a minute', createRequestSchema, { ...id, containerGroup, maxLifetimeSeconds: 59 }],
  ['an idle time of more than a year', createRequestSchema, { ...id, containerGroup, idleSeconds: 31_536_001 }],
  ['a health without a heartbeat', createRequestSchema, { ...id, containerGroup, health: { failureThreshold: 3 } }],
  ['a misspelt health', createRequestSchema, { ...id, containerGroup, health: { heartbeatSeconds: 10, treshold: 3 } }],
  ['a readiness that nobody knows', createRequestSchema, { ...id, containerGroup, readiness: 'probe' }],
  ['21 labels', createRequestSchema, { ...id, containerGroup, labels: labels(21) }],
  ['a label of 257 characters', createRequestSchema, { ...id, containerGroup, labels: { a: 'x'.repeat(257) } }],
  ['a delete of no group', deleteRequestSchema, {}],
  ['a kind of detail that there is not', detailsRequestSchema, { ...id, type: 'everything' }],
  ['no line of a log', detailsRequestSchema, { ...id, tail: '0' }],
  ['a part of a line', detailsRequestSchema, { ...id, tail: '1.5' }],
  ['a page without room', listRequestSchema, { limit: '0' }],
  ['a page with too much room', listRequestSchema, { limit: '1001' }],
  ['a limit that is no number', listRequestSchema, { limit: 'many' }],
  ['a state that there is not', listRequestSchema, { state: 'Deleting' }],
  ['less than no session', sessionReportSchema, { ...id, activeSessions: -1 }],
  ['half a session', sessionReportSchema, { ...id, activeSessions: 0.5 }],
  ['more sessions than there may be', sessionReportSchema, { ...id, activeSessions: 1_000_001 }],
  ['sessions as words', sessionReportSchema, { ...id, activeSessions: 'one' }],
  ['no report', setSessionsRequestSchema, []],
  ['1,001 reports', setSessionsRequestSchema, Array.from({ length: 1_001 }, () => id)],
  ['text for reports', setSessionsRequestSchema, 'all'],
  ['a state that nobody may set', setStateRequestSchema, { ...id, state: 'Running' }],
  ['a key with a space', idempotencyKeySchema, 'a b'],
  ['a key of 129 characters', idempotencyKeySchema, 'k'.repeat(129)],
  ['an empty key', idempotencyKeySchema, ''],
  ['a wait of no time', waitSecondsSchema, '0'],
  ['a wait of 61 seconds', waitSecondsSchema, '61'],
];

test.each(bad)('%s is refused', (_, schema, value) => {
  expect(schema.safeParse(value).success).toBe(false);
});
