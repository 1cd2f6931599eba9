import { describe, expect, test } from 'vitest';
import type { ContainerGroups } from '../../../src/aci/container-groups.ts';
import { inspectContainerGroupsActivity } from '../../../src/activities/inspect-container-groups.ts';
import { inspectContainerGroups } from '../../../src/contracts/inspection.ts';
import { LOOKS_AT_ONCE } from '../../../src/domain/inspect/inspection-pace.ts';
import { addMs } from '../../../src/domain/time.ts';
import { createFakeContainerGroups } from '../aci/fake-container-groups.ts';
import { createCommand, creating, LATER, running } from '../domain/group/group-fixture.ts';
import { backingOff, ended, resource, server } from '../domain/inspect/resource-fixture.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../durable/fake-durable-client.ts';

type Inspect = ContainerGroups['inspect'];
type Logs = ContainerGroups['logs'];

const fine: Inspect = async () => ({ ok: true, found: resource('Always', [server]) });
const crashed: Inspect = async () => ({ ok: true, found: resource('Never', [ended(137)]) });
const throttled = { code: 'throttled', message: 'ARM answered 429.' } as const;
const secret: Inspect = async () => ({ ok: true, found: resource('Never', [ended(137)], { hasOwnSecrets: true }) });

function storeOf(...groups: { containerGroupName: string }[]): FakeDurableClient {
  const client = createFakeDurableClient();
  for (const group of groups) {
    client.entities.set(`games:${group.containerGroupName}`, group);
  }
  return client;
}

const named = (name: string) => ({ ...running, containerGroupName: name });

async function inspect(
  inspectPort: Inspect,
  {
    client = storeOf(running),
    logs = async () => ({ ok: true, content: 'ann joined\nhunter2\n' }),
    lastLines = 10,
    isSealed = true,
    ...input
  }: {
    client?: FakeDurableClient;
    logs?: Logs;
    lastLines?: number;
    isSealed?: boolean;
    only?: string[];
    continuationToken?: string;
    lastLookAt?: string;
    lastDurationMs?: number;
  } = {},
) {
  const lines: string[] = [];
  const looked: string[] = [];
  const activity = inspectContainerGroupsActivity(
    {
      inspect: async (id) => {
        looked.push(id.containerGroupName);
        return inspectPort(id);
      },
      logs,
    },
    {
      now: () => Date.parse(LATER),
      inspectIntervalMs: 300_000,
      lastLines,
      unsealSpec: (spec) =>
        isSealed ? { ok: true, spec } : { ok: false, failure: { code: 'unsealFailed', message: 'No key.' } },
      redactorOf: (spec) => (text) => (spec === undefined ? text : text.replaceAll('hunter2', '***')),
    },
  );
  const output = await activity(input, { client, log: (line) => void lines.push(line) });
  return { ...inspectContainerGroups.output.parse(output), lines, looked };
}

function provisionedBy(incarnation: string): FakeDurableClient {
  const client = storeOf(running);
  const { command: _command, at: _at, ...facts } = createCommand;
  const spec = { location: 'westeurope', osType: 'Linux', containers: [] };
  const waitPolicy = { pollIntervalMs: 1, deadlineMs: 1 };
  client.instances.set('provision:games:game-1', {
    input: { ...facts, cause: 'request 1', spec, waitPolicy, incarnation },
  });
  return client;
}

describe('an inspection', () => {
  test('looks at each live group of a page once, and tells what is new', async () => {
    const client = storeOf(running, named('game-2'), { ...creating, containerGroupName: 'game-3' });
    const result = await inspect(async (id) => (id.containerGroupName === 'game-2' ? crashed(id) : fine(id)), {
      client,
    });
    expect(result).toMatchObject({
      inspectedCount: 2,
      failed: [],
      inspectIntervalMs: 300_000,
      looked: ['game-1', 'game-2'],
    });
    expect(result.findings).toMatchObject([
      {
        containerGroupName: 'game-2',
        incarnation: 'first',
        ending: { event: 'crashed', container: { exitCode: 137 } },
      },
    ]);
    expect(result).not.toHaveProperty('continuationToken');
  });

  test('leaves one that is gone to the reconciliation', async () => {
    const { inspect: gone } = createFakeContainerGroups();
    expect(await inspect(gone)).toMatchObject({ inspectedCount: 1, findings: [], failed: [] });
  });

  test('goes past pages without a live group, though not for ever, and tells where it is', async () => {
    const dead = Array.from({ length: 2 * LOOKS_AT_ONCE }, (_, index) => ({
      ...creating,
      containerGroupName: `a-${index}`,
    }));
    const live = Array.from({ length: LOOKS_AT_ONCE }, (_, index) => named(`b-${index}`));
    const page = await inspect(fine, { client: storeOf(...dead, ...live, named('c')) });
    expect(page.looked).toHaveLength(LOOKS_AT_ONCE);
    expect(page.continuationToken).toBeDefined();
    const empty = Array.from({ length: 21 * LOOKS_AT_ONCE }, (_, index) => ({
      ...creating,
      containerGroupName: `a-${index}`,
    }));
    const none = await inspect(fine, { client: storeOf(...empty) });
    expect(none.looked).toEqual([]);
    expect(none.continuationToken).toBeDefined();
  });

  test('stops where ARM refuses a look for the number of calls, tells what is left, and looks at that later', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `game-${index + 10}`);
    const client = storeOf(...names.map(named));
    const refusing: Inspect = async (id) =>
      id.containerGroupName === 'game-19' || id.containerGroupName === 'game-20'
        ? { ok: false, failure: throttled, retryAfterMs: Number(id.containerGroupName.slice(5)) }
        : fine(id);
    const first = await inspect(refusing, { client });
    expect(first).toMatchObject({ inspectedCount: 14, refused: { failure: throttled, retryAfterMs: 20 } });
    expect(first.refused?.keys).toEqual([
      'games:game-19',
      'games:game-20',
      ...names.slice(16).map((name) => `games:${name}`),
    ]);
    expect(first.lines).toEqual([
      'game-19 throttled by Azure, which asks for 19 ms',
      'game-20 throttled by Azure, which asks for 20 ms',
    ]);
    client.entities.delete('games:game-29');
    const second = await inspect(fine, { client, only: first.refused?.keys ?? [] });
    expect(second).toMatchObject({ inspectedCount: 5, failed: [] });
    expect(second).not.toHaveProperty('refused');
  });

  test('counts restarts together over two passes where these take longer than the interval', async () => {
    const hourMs = 3_600_000;
    const restarts = { since: addMs(LATER, -2 * hourMs), containers: [{ name: 'server', before: 0, count: 1 }] };
    const looping: Inspect = async () => ({ ok: true, found: resource('Always', [backingOff(3)]) });
    const restarted = { ...running, restarts };
    const pass = { client: storeOf(restarted), lastLookAt: addMs(LATER, -hourMs) };
    expect((await inspect(looping, pass)).findings[0]).not.toHaveProperty('ending');
    const { findings } = await inspect(looping, { ...pass, lastDurationMs: hourMs });
    expect(findings).toMatchObject([{ ending: { event: 'crashLoop' } }]);
  });

  test('tells what fits of a page, and that one finding does not', async () => {
    const odd: Inspect = async () => ({ ok: true, found: resource('Never', [ended(1.5)]) });
    const client = storeOf(running, named('game-2'));
    const result = await inspect(async (id) => (id.containerGroupName === 'game-2' ? crashed(id) : odd(id)), {
      client,
    });
    expect(result).toMatchObject({
      findings: [{ containerGroupName: 'game-2' }],
      failed: [{ containerGroupName: 'game-1', failure: { code: 'internal' } }],
    });
  });

  test('that cannot look at one group looks at the others', async () => {
    const result = await inspect(
      async (id) => {
        if (id.containerGroupName === 'game-2') throw new Error('The socket is closed.');
        return id.containerGroupName === 'game-3'
          ? { ok: false, failure: { code: 'armUnavailable', message: '500' } }
          : fine(id);
      },
      { client: storeOf(running, named('game-2'), named('game-3')) },
    );
    expect(result).toMatchObject({
      inspectedCount: 1,
      failed: [
        {
          containerGroupName: 'game-2',
          failure: { code: 'internal', message: 'The look broke: The socket is closed.' },
        },
        { containerGroupName: 'game-3', failure: { code: 'armUnavailable' } },
      ],
    });
  });
});

describe('the last lines of a container that has ended', () => {
  const linesOf = async (...asked: Parameters<typeof inspect>) => {
    const { findings } = await inspect(...asked);
    return findings[0]?.ending?.container.lastLines;
  };

  test('are kept without the secrets of its spec', async () => {
    expect(await linesOf(secret, { client: provisionedBy('first') })).toEqual(['ann joined', '***']);
  });

  test('are kept as they are where it has no secrets, whoever knows its spec', async () => {
    expect(await linesOf(crashed)).toEqual(['ann joined', 'hunter2']);
  });

  test.each<[string, Parameters<typeof inspect>[1]]>([
    ['its secrets are known to nobody', {}],
    ['the secrets that are known are those of an earlier group', { client: provisionedBy('earlier') }],
    ['its secrets cannot be opened', { client: provisionedBy('first'), isSealed: false }],
    ['the setting says so', { client: provisionedBy('first'), lastLines: 0 }],
    [
      'there are none to be had',
      { client: provisionedBy('first'), logs: async () => ({ ok: false, failure: throttled }) },
    ],
  ])('are left out where %s', async (_, more) => {
    const { findings } = await inspect(secret, more);
    expect(findings[0]?.ending?.container).toEqual({
      containerName: 'server',
      exitCode: 137,
      reason: 'Error',
      restartCount: 0,
    });
  });
});
