import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { deleteContainerGroup } from '../../../src/contracts/deletion.ts';
import { provisionContainerGroup } from '../../../src/contracts/provisioning.ts';
import { toListItem } from '../../../src/domain/group/list-item.ts';
import { elapsedMs } from '../../../src/domain/time.ts';
import { orchestrateDeletion } from '../../../src/orchestrators/delete-container-group.ts';
import { orchestrateProvisioning } from '../../../src/orchestrators/provision-container-group.ts';
import { beingDeleted, BORN, creating } from '../domain/group/group-fixture.ts';
import { drive, type Answer } from './drive.ts';

/** Events in the history of any execution, whatever happens; Durable reads all of them again with every step. */
const MAX_HISTORY = 850;

const incarnation = 'first';
const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const throttled = { ok: false, failure: { code: 'throttled', message: 'Too many.' }, retryAfterMs: 1_000 };
const working = {
  ok: true,
  observation: {
    found: true,
    incarnation,
    provisioningState: 'Creating',
    endpoint: { ports: [] },
    wantsPublicIP: true,
    containers: [],
    events: [],
  },
};

/** How a group waits by settings that the app takes. */
function waitPolicyOf(pollInterval: string, deadline: string) {
  const { pollIntervalMs, provisioningDeadlineMs } = parseConfig({
    AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
    ACI_SEALING_KEYS: `one:${Buffer.alloc(32).toString('base64')}`,
    ACI_PUBLIC_URL: 'https://games.example.com',
    ACI_POLL_INTERVAL: pollInterval,
    ACI_PROVISIONING_DEADLINE: deadline,
  });
  return { pollIntervalMs, deadlineMs: provisioningDeadlineMs };
}

/** The longest lives that the settings admit: with the most looks, with the longest deadline, and with both as they are. */
const lives = [
  ['PT1S', 'PT1H40M'],
  ['PT3.6S', 'PT6H'],
  ['PT10M', 'PT6H'],
  ['PT10S', 'PT30M'],
] as const;

/** Events that come one upon another, before the first poll is due. */
const isRaised = (_event: string, count: number): boolean => count < 500;

describe.each(lives)('of a group that is looked at every %s for %s', (pollInterval, deadline) => {
  const waitPolicy = waitPolicyOf(pollInterval, deadline);

  test.each<[string, Record<string, Answer>, string]>([
    ['that ARM never finishes', {}, 'deadlineExceeded'],
    ['that ARM never takes', { createContainerGroup: throttled }, 'throttled'],
    ['that ARM never tells of', { readContainerGroup: throttled }, 'deadlineExceeded'],
  ])('no history of a creation %s is long', (_, answers, code) => {
    const input = {
      ...id,
      incarnation,
      spec: {
        location: 'westeurope',
        osType: 'Linux' as const,
        containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
      },
      creation: { requestDigest: 'digest' },
      tokenDigest: 'token',
      cause: 'request 1',
      waitPolicy,
    };
    const wanted = { outcome: 'unchanged', group: toListItem(creating), incarnation };
    const world = {
      'entity.create': wanted,
      'entity.look': wanted,
      'entity.failProvisioning': wanted,
      createContainerGroup: { ok: true },
      readContainerGroup: working,
      ...answers,
    };
    const run = drive(provisionContainerGroup, orchestrateProvisioning, input, { answers: world, isRaised });
    expect(run.output).toMatchObject({ ok: false, failure: { code } });
    expect(run.asked.filter(({ name }) => name === 'entity.create')).toHaveLength(1);
    expect(elapsedMs(BORN, run.endedAt)).toBeLessThanOrEqual(waitPolicy.deadlineMs);
    expect(elapsedMs(BORN, run.endedAt)).toBeGreaterThan(waitPolicy.deadlineMs - 120_001);
    expect(run.openTimers).toBe(0);
    expect(run.historyLengths.length).toBeGreaterThan(10);
    expect(Math.max(...run.historyLengths)).toBeLessThanOrEqual(MAX_HISTORY);
  });

  test.each<[string, Record<string, Answer>]>([
    ['whose seats are never off sale', { closeSeats: { outcome: 'pending', incarnation }, openSeats: {} }],
    ['that the entity never keeps', { confirmDeletion: { isBegun: false } }],
    ['whose creation never ends', { wakeProvisioning: { running: true } }],
    ['that ARM never finishes', { deleteContainerGroupResource: { ok: true, gone: false } }],
    ['that ARM never takes', { deleteContainerGroupResource: throttled }],
  ])('no history of a deletion %s is long', (_, answers) => {
    const input = { ...id, mode: 'force' as const, sessionsStaleAfterMs: 1, cause: 'request 2', waitPolicy };
    const world = {
      'entity.beginDelete': { outcome: 'changed', group: toListItem(beingDeleted), incarnation },
      confirmDeletion: { isBegun: true },
      closeSeats: { outcome: 'closed', incarnation },
      wakeProvisioning: { running: false },
      terminateProvisioning: {},
      ...answers,
    };
    const run = drive(deleteContainerGroup, orchestrateDeletion, input, { answers: world, isRaised });
    expect(run.output).toMatchObject({ ok: false });
    expect(elapsedMs(BORN, run.endedAt)).toBe(waitPolicy.deadlineMs);
    expect(run.openTimers).toBe(0);
    expect(Math.max(...run.historyLengths)).toBeLessThanOrEqual(MAX_HISTORY);
  });
});

test.each([
  ['PT1S', 'PT1H40M0.001S'],
  ['PT3.599S', 'PT6H'],
])('a deadline with more looks than that is refused: every %s for %s', (pollInterval, deadline) => {
  expect(() => waitPolicyOf(pollInterval, deadline)).toThrow(
    'ACI_POLL_INTERVAL, ACI_PROVISIONING_DEADLINE: expected a deadline of at most 6000 poll intervals',
  );
});
