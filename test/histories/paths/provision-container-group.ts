import { provisionContainerGroup, resourceChanged } from '../../../src/contracts/provisioning.ts';
import type { ObservedResource } from '../../../src/domain/group/observation.ts';
import { provisionInstanceId } from '../../../src/domain/group/group-id.ts';
import { after, output, pathsOf, raise, throws, type Answer, type Happening } from '../path.ts';
import {
  created,
  deadlineEnforced,
  deletionBegan,
  deletionFinished,
  ENDPOINT,
  GROUP,
  heard,
  INCARNATION,
  KEY,
  refused,
} from './group.ts';

const INSTANCE_ID = provisionInstanceId(KEY);

const input = {
  ...GROUP,
  incarnation: INCARNATION,
  spec: {
    location: 'westeurope',
    osType: 'Linux' as const,
    containers: [{ name: 'server', image: 'example/game:1', resources: { requests: { cpu: 1, memoryInGB: 1.5 } } }],
  },
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token',
  cause: 'request 1',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 90_000 },
};

const pending: ObservedResource = {
  found: true,
  incarnation: INCARNATION,
  provisioningState: 'Creating',
  endpoint: { ports: [] },
  wantsPublicIP: true,
  containers: [],
  events: [],
};
const running: ObservedResource = {
  ...pending,
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  endpoint: ENDPOINT,
  containers: [{ name: 'server', state: 'Running' }],
};
const pullFailed = { name: 'Failed', message: 'Failed to pull image "example/game:1": not found', count: 3 };

const waiting = saw(pending);
const ready = saw(running);
const accepted = output({ ok: true });
const absent = output({ ok: true, observation: { found: false } });
const changed = raise(INSTANCE_ID, resourceChanged);
const suspended: Happening = (hub) => hub.client.suspend(INSTANCE_ID, 'An operator looks at it.');
const resumed: Happening = (hub) => hub.client.resume(INSTANCE_ID, 'An operator has looked at it.');
const throttled = refused('throttled', 20_000);
const specRefused = output({ ok: false, failure: { code: 'specRefused', message: 'ARM says no.' }, leftNothing: true });

/** Every way through a provisioning. */
export const provisioningPaths = pathsOf(
  provisionContainerGroup,
  INSTANCE_ID,
  { input, activities: { createContainerGroup: [accepted], readContainerGroup: [ready] } },
  {
    'ready-at-the-first-look': {},
    'ready-by-poll': {
      input: {
        ...input,
        maxSessions: 8,
        labels: { map: 'dust' },
        creation: { requestDigest: 'digest', idempotencyKey: 'key-1' },
      },
      activities: {
        readContainerGroup: [
          absent,
          waiting,
          saw({ events: [happened('Pulling')] }),
          saw({ events: [happened('Pulled')] }),
          ready,
        ],
      },
    },
    'ready-by-event': {
      activities: { readContainerGroup: [waiting, ready] },
      meanwhile: [{ afterMs: 7_000, happening: changed }],
    },
    'event-while-looking': { activities: { readContainerGroup: [after(changed, waiting), ready] } },
    'events-twice': {
      activities: { readContainerGroup: [waiting, waiting, ready] },
      meanwhile: [{ afterMs: 7_000, happening: (hub) => Promise.all([changed(hub), changed(hub)]) }],
    },
    'event-and-poll-together': {
      activities: { readContainerGroup: [waiting, waiting, ready] },
      meanwhile: [{ afterMs: 10_000, happening: changed }],
    },
    'suspended-and-resumed': {
      activities: { readContainerGroup: [waiting, ready] },
      meanwhile: [
        { afterMs: 3_000, happening: suspended },
        { afterMs: 5_000, happening: changed },
        { afterMs: 60_000, happening: resumed },
      ],
    },
    'waits-for-public-ip': {
      activities: { readContainerGroup: [saw({ ...running, endpoint: { ports: [] } }), ready] },
    },
    'waits-for-report': {
      input: { ...input, readiness: 'report' },
      meanwhile: [{ afterMs: 12_000, happening: (hub) => Promise.all([heard(hub), changed(hub)]) }],
    },
    'waits-for-report-in-vain': { input: { ...input, readiness: 'report' } },
    'name-exists': { before: [created('incarnation-0')] },
    'spec-refused': { activities: { createContainerGroup: [specRefused] } },
    'no-capacity-at-once': { activities: { createContainerGroup: [refused('insufficientCapacity')] } },
    'throttled-then-created': {
      activities: { createContainerGroup: [throttled, refused('armUnavailable'), accepted] },
    },
    'event-does-not-shorten-throttling': {
      activities: { createContainerGroup: [throttled, accepted] },
      meanwhile: [{ afterMs: 5_000, happening: changed }],
    },
    'retried-until-deadline': { activities: { createContainerGroup: [refused('armUnavailable')] } },
    'cancelled-while-waiting-to-retry': {
      activities: { createContainerGroup: [throttled] },
      meanwhile: [{ afterMs: 5_000, happening: (hub) => Promise.all([deletionBegan(hub), changed(hub)]) }],
    },
    'cancelled-while-observing': {
      activities: { readContainerGroup: [waiting] },
      meanwhile: [{ afterMs: 5_000, happening: (hub) => Promise.all([deletionBegan(hub), changed(hub)]) }],
    },
    'cancelled-without-an-event': {
      activities: { readContainerGroup: [waiting] },
      meanwhile: [{ afterMs: 5_000, happening: deletionBegan }],
    },
    'deleted-while-observing': {
      activities: { readContainerGroup: [waiting, ready] },
      meanwhile: [{ afterMs: 5_000, happening: deleted }],
    },
    'purged-while-looking': { activities: { readContainerGroup: [after(purged, ready)] } },
    'tag-missing': { activities: { readContainerGroup: [saw({ incarnation: '' })] } },
    'created-anew-while-observing': {
      activities: { readContainerGroup: [waiting] },
      meanwhile: [{ afterMs: 5_000, happening: createdAnew }],
    },
    'cancelled-while-looking': { activities: { readContainerGroup: [after(deletionBegan, ready)] } },
    'failed-and-cancelled-while-looking': {
      activities: { readContainerGroup: [after(deletionBegan, saw({ provisioningState: 'Failed' }))] },
    },
    'image-pull-failed': {
      activities: { readContainerGroup: [waiting, saw({ provisioningState: 'Failed', events: [pullFailed] })] },
    },
    'no-capacity-late': {
      activities: {
        readContainerGroup: [saw({ provisioningState: 'Failed', events: [happened('InsufficientCapacity.')] })],
      },
    },
    'provisioning-cancelled-by-azure': { activities: { readContainerGroup: [saw({ provisioningState: 'Canceled' })] } },
    'containers-exited': {
      activities: {
        readContainerGroup: [
          saw({
            ...running,
            instanceState: 'Failed',
            containers: [{ name: 'server', state: 'Terminated', detailStatus: 'Error', exitCode: 1, restartCount: 0 }],
          }),
        ],
      },
    },
    'resource-of-another-owner': { activities: { readContainerGroup: [saw({ incarnation: 'incarnation-0' })] } },
    'resource-deleted-meanwhile': { activities: { readContainerGroup: [waiting, absent] } },
    'read-throttled': {
      activities: { readContainerGroup: [refused('throttled', 25_000), refused('armUnavailable'), ready] },
    },
    'read-fails-for-good': { activities: { readContainerGroup: [waiting, refused('notAuthorized')] } },
    'deadline-while-creating': { activities: { readContainerGroup: [waiting] } },
    'goes-on-in-another-execution': {
      turn: 2,
      input: { ...input, waitPolicy: { pollIntervalMs: 1_000, deadlineMs: 300_000 } },
      activities: { readContainerGroup: [waiting] },
    },
    'failed-at-its-deadline-by-a-sweep': {
      activities: { readContainerGroup: [after(deadlineEnforced, waiting)] },
    },
    'deadline-while-pulling': { activities: { readContainerGroup: [saw({ events: [pullFailed] })] } },
    'deadline-unseen': { activities: { readContainerGroup: [refused('armUnavailable')] } },
    'create-throws': { activities: { createContainerGroup: [throws('The process ran out of memory.')] } },
    'read-throws': { activities: { readContainerGroup: [waiting, throws('The process ran out of memory.')] } },
    'entity-unreadable': { entitiesAreUnreadable: true },
  },
);

function saw(more: Partial<ObservedResource>): Answer {
  return output({ ok: true, observation: { ...pending, ...more } });
}

function happened(name: string): ObservedResource['events'][number] {
  return { name, message: `${name}, says ACI.`, count: 1, lastAt: '2026-01-01T00:00:05.000Z' };
}

/** The row of its entity is purged, in the belief that the group is an earlier one that was deleted. */
async function purged(hub: Parameters<Happening>[0]): Promise<void> {
  await hub.client.purge([`@containergroup@${KEY}`]);
}

async function deleted(hub: Parameters<Happening>[0]): Promise<void> {
  await deletionBegan(hub);
  await deletionFinished(hub);
}

async function createdAnew(hub: Parameters<Happening>[0]): Promise<void> {
  await deleted(hub);
  await created('incarnation-2', 0)(hub);
}
