import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  deleteContainerGroup,
  deleteContainerGroupResource,
  rememberDeletion,
  wakeProvisioning,
} from '../../../src/contracts/deletion.ts';
import { resourceEventSchema } from '../../../src/contracts/event-grid.ts';
import {
  collectGarbage,
  findGarbage,
  readDeletions,
  startDeletions,
  sweepNow,
} from '../../../src/contracts/garbage-collection.ts';
import {
  createContainerGroup,
  provisionContainerGroup,
  readContainerGroup,
  resourceChanged,
} from '../../../src/contracts/provisioning.ts';
import { emptyReport } from '../../../src/domain/sweep/garbage.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { BORN, running } from '../domain/group/group-fixture.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const failure = { code: 'throttled', message: 'Later.' };
const refused = { ok: false, failure, retryAfterMs: 5_000 };
const waitPolicy = { pollIntervalMs: 10_000, deadlineMs: 60_000 };
const deletion = { mode: 'graceful', sessionsStaleAfterMs: 1, cause: 'sweep 1' };
const spec = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
};
const observation = {
  found: true,
  incarnation: 'first',
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  endpoint: { publicIP: '20.0.0.1', ports: [{ port: 80, protocol: 'TCP' }] },
  wantsPublicIP: true,
  containers: [{ name: 'game', state: 'Running', detailStatus: '', exitCode: 0, restartCount: 1 }],
  events: [{ name: 'Pulled', message: 'm', count: 1, lastAt: BORN }],
};
const report = { ...emptyReport(1, BORN), collected: [id], failed: [{ ...id, failure }] };

const examples: Record<string, { schema: z.ZodType; values: unknown[] }> = {
  'the input of createContainerGroup': {
    schema: createContainerGroup.input,
    values: [{ ...id, incarnation: 'i', spec }],
  },
  'the output of createContainerGroup': { schema: createContainerGroup.output, values: [{ ok: true }, refused] },
  'the input of readContainerGroup': { schema: readContainerGroup.input, values: [id] },
  'the output of readContainerGroup': {
    schema: readContainerGroup.output,
    values: [{ ok: true, observation }, { ok: true, observation: { found: false } }, refused],
  },
  resourceChanged: { schema: resourceChanged.data, values: [{}] },
  sweepNow: { schema: sweepNow.data, values: [{}, { after: 0 }] },
  'the input of provisionContainerGroup': {
    schema: provisionContainerGroup.input,
    values: [
      {
        ...id,
        incarnation: 'i',
        spec,
        maxSessions: 8,
        labels: { fleet: 'eu' },
        creation: { idempotencyKey: 'k', requestDigest: 'd' },
        earlierCreations: [{ idempotencyKey: 'j', requestDigest: 'd' }],
        tokenDigest: 't',
        cause: 'request 1',
        waitPolicy,
      },
    ],
  },
  'the output of provisionContainerGroup': {
    schema: provisionContainerGroup.output,
    values: [
      { ok: true, group: toListItem(running) },
      { ok: false, failure },
    ],
  },
  'the status of provisionContainerGroup': {
    schema: provisionContainerGroup.status,
    values: [{ phase: 'pullingImage' }, { phase: 'requested', retrying: failure }],
  },
  'the input of deleteContainerGroup': {
    schema: deleteContainerGroup.input,
    values: [
      { ...id, ...deletion, waitPolicy },
      { ...id, ...deletion, incarnation: 'i', waitPolicy },
    ],
  },
  'the output of deleteContainerGroup': {
    schema: deleteContainerGroup.output,
    values: [
      { ok: true, deleted: true },
      { ok: false, failure },
    ],
  },
  'the status of deleteContainerGroup': {
    schema: deleteContainerGroup.status,
    values: [{ phase: 'cancelling' }, { phase: 'deleting', retrying: failure }],
  },
  'the input of rememberDeletion': {
    schema: rememberDeletion.input,
    values: [
      { ...id, ifIdle: false, found: false },
      { ...id, ifIdle: true, found: true, incarnation: 'i' },
    ],
  },
  'the input of deleteContainerGroupResource': {
    schema: deleteContainerGroupResource.input,
    values: [{ ...id, incarnation: 'i' }],
  },
  'the output of deleteContainerGroupResource': {
    schema: deleteContainerGroupResource.output,
    values: [{ ok: true, gone: false }, refused],
  },
  'the output of wakeProvisioning': { schema: wakeProvisioning.output, values: [{ running: true }] },
  'the output of findGarbage': {
    schema: findGarbage.output,
    values: [
      {
        garbage: [id, { ...id, incarnation: 'i' }],
        keptCount: 1,
        unreadable: [id],
        continuationToken: 't',
        sweepIntervalMs: 1,
      },
    ],
  },
  'the input of startDeletions': {
    schema: startDeletions.input,
    values: [{ groups: [id, { ...id, incarnation: 'i' }], cause: 'sweep 1' }],
  },
  'the output of readDeletions': { schema: readDeletions.output, values: [{ ended: [id, { ...id, failure }] }] },
  'the input of collectGarbage': { schema: collectGarbage.input, values: [{ number: 1 }, { number: 2, last: report }] },
  'the status of collectGarbage': {
    schema: collectGarbage.status,
    values: [{ number: 1, phase: 'waiting', last: report }],
  },
};

const rows = Object.entries(examples).flatMap(([what, { schema, values }]) =>
  values.map((value) => ({ what, schema, value })),
);

test.each(rows)('$what comes back as it went out: $value', ({ schema, value }) => {
  expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
});

describe('what crosses a boundary is refused', () => {
  test.each<[string, z.ZodType, unknown]>([
    [
      'without a wait between looks',
      deleteContainerGroup.input,
      { ...id, ...deletion, waitPolicy: { pollIntervalMs: 0, deadlineMs: 1 } },
    ],
    ['with a wait before now', createContainerGroup.output, { ...refused, retryAfterMs: -1 }],
    [
      'with a look that neither found nor missed',
      readContainerGroup.output,
      { ok: true, observation: { found: 'maybe' } },
    ],
    ['with a sweep before the first', collectGarbage.input, { number: 0 }],
  ])('%s', (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

test('an event of Event Grid keeps the fields that we do not read', () => {
  const data = { resourceProvider: 'p', resourceUri: 'u', operationName: 'o', status: 'Succeeded' };
  const event = { id: '1', eventType: 't', eventTime: BORN, data, topic: '/subscriptions/s' };
  expect(resourceEventSchema.parse(event)).toEqual(event);
});
