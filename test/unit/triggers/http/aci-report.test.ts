import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { createTokenMint } from '../../../../src/security/container-token.ts';
import { createReportGate } from '../../../../src/security/report-gate.ts';
import type { ApiRequest } from '../../../../src/triggers/http/api-request.ts';
import { aciDelete } from '../../../../src/triggers/http/aci-delete.ts';
import { aciReport, aciReportState } from '../../../../src/triggers/http/aci-report.ts';
import { aciSetState } from '../../../../src/triggers/http/aci-set-state.ts';
import { createKnownGroups } from '../../../../src/triggers/http/known-groups.ts';
import { createReportOutbox } from '../../../../src/triggers/http/report-outbox.ts';
import { createReception } from '../../../../src/triggers/http/reception.ts';
import { BORN, creating, marked, running } from '../../domain/group/group-fixture.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { requestWith } from './request.ts';

const KEY = 'games:game-1';
const tokens = createTokenMint([{ id: 'one', key: new Uint8Array(32).fill(1) }]);
const tokenOf = (generation: number) => tokens.mint({ groupKey: KEY, incarnation: 'first', generation });
const group: ContainerGroup = { ...running, token: { ...running.token, digest: tokenOf(1).digest } };

/** An hour after the token was made, when it is due for rotation. */
const now = () => Date.parse(addMs(BORN, 3_600_000));
const dependencies = {
  now,
  /** One that has forgotten what it knew, so that each report reads the group. */
  get memory() {
    return { known: createKnownGroups(now), outbox: createReportOutbox() };
  },
  receive: createReception(now),
  gate: createReportGate(tokens),
  tokens,
  settings: { tokenRotationMs: 3_600_000, tokenGraceMs: 60_000 },
};

function clientWith(state: ContainerGroup): FakeDurableClient {
  const client = createFakeDurableClient();
  client.entities.set(KEY, state);
  return client;
}

function requestOf(client: FakeDurableClient, token: string): ApiRequest {
  return {
    ...requestWith(client, { activeSessions: 0 }),
    params: { resourceGroup: 'Games', containerGroupName: 'game-1' },
    header: (name) => (name === 'authorization' ? `Bearer ${token}` : null),
  };
}

async function report(client: FakeDurableClient, token: string): Promise<{ token?: string | undefined }> {
  const response = await aciReport(dependencies).handle(requestOf(client, token));
  return z.object({ token: z.string().optional() }).parse(response.jsonBody);
}

describe('a token that was handed out by a rotation', () => {
  test('is good before the entity knows it, and is rotated no further', async () => {
    const client = clientWith(group);
    const { token } = await report(client, tokenOf(1).token);
    expect(token).toBe(tokenOf(2).token);
    expect(await report(client, token ?? '')).toEqual({});
    expect(client.signals.map(({ operation }) => operation)).toEqual([
      'reportSessions',
      'rotateToken',
      'reportSessions',
    ]);
    const state = await aciReportState(dependencies).handle(requestOf(client, token ?? ''));
    expect(state.jsonBody).toMatchObject({ containerGroupName: 'game-1' });
  });

  test('has the group read anew, whose former token would be rotated again', async () => {
    const { memory } = dependencies;
    const client = clientWith(group);
    const { handle } = aciReport({ ...dependencies, memory });
    await handle(requestOf(client, tokenOf(1).token));
    expect(memory.known.find(KEY)).toBeUndefined();
    client.entities.set(KEY, {
      ...group,
      token: { ...group.token, generation: 2, digest: tokenOf(2).digest, issuedAt: addMs(BORN, 3_600_000) },
    });
    await handle(requestOf(client, tokenOf(2).token));
    expect(client.signals.filter(({ operation }) => operation === 'rotateToken')).toHaveLength(1);
  });

  test.each([
    ['the one after it', { incarnation: 'first', generation: 3 }],
    ['that of another incarnation', { incarnation: 'second', generation: 2 }],
  ])('is not %s', async (_, holder) => {
    const { token } = tokens.mint({ groupKey: KEY, ...holder });
    await expect(report(clientWith(group), token)).rejects.toMatchObject({ failure: { code: 'notAuthenticated' } });
  });
});

describe('a group that was adopted', () => {
  const { previous: _previous, ...known } = group.token;
  const adopted: ContainerGroup = { ...group, sessionsUnknownSince: BORN, token: { ...known, isAdopted: true } };

  test.each([1, 2, 7])(
    'takes token %i of its incarnation, and rotates all to the same next one',
    async (generation) => {
      const client = clientWith(adopted);
      expect(await report(client, tokenOf(generation).token)).toEqual({ token: tokenOf(1_000_000).token });
      const rotation = client.signals.find(({ operation }) => operation === 'rotateToken');
      expect(rotation?.input).toMatchObject({ generation: 1_000_000 });
    },
  );

  test.each([1, 2, 7])(
    'takes token %i for the grace of its first rotation, and hands out the next one again',
    async (generation) => {
      const { digest } = tokenOf(1_000_000);
      const previous = { digest: tokenOf(7).digest, isAny: true } as const;
      const rotated = (validUntil: string): ContainerGroup => ({
        ...group,
        token: { digest, generation: 1_000_000, issuedAt: BORN, previous: { ...previous, validUntil } },
      });
      const { token } = tokenOf(generation);
      const inGrace = clientWith(rotated('2100-01-01T00:00:00.000Z'));
      expect(await report(inGrace, token)).toEqual({ token: tokenOf(1_000_000).token });
      const { handle } = aciReport({ ...dependencies, gate: createReportGate(tokens) });
      const late = handle(requestOf(clientWith(rotated('2000-01-01T00:00:00.000Z')), token));
      await expect(late).rejects.toMatchObject({ failure: { code: 'notAuthenticated' } });
    },
  );

  test('keeps the token that was brought for its grace', async () => {
    const client = clientWith(adopted);
    await report(client, tokenOf(7).token);
    const rotation = client.signals.find(({ operation }) => operation === 'rotateToken');
    expect(rotation?.input).toMatchObject({ previousDigest: tokenOf(7).digest });
  });

  test.each([
    ['of an earlier incarnation', tokens.mint({ groupKey: KEY, incarnation: 'zeroth', generation: 1 }).token],
    ['of another group', tokens.mint({ groupKey: 'games:game-2', incarnation: 'first', generation: 1 }).token],
    ['that was guessed', 'first.1.guess'],
  ])('takes no token %s', async (_, token) => {
    // Guesses share a limit, which others of these tests use up.
    const { handle } = aciReport({ ...dependencies, gate: createReportGate(tokens) });
    const answer = handle(requestOf(clientWith(adopted), token));
    await expect(answer).rejects.toMatchObject({ failure: { code: 'notAuthenticated' } });
  });
});

test('a token whose sealing key is gone is good all the same, and shares a limit with guesses', async () => {
  const fresh = createTokenMint([{ id: 'two', key: new Uint8Array(32).fill(2) }]);
  const { token, digest } = fresh.mint({ groupKey: KEY, incarnation: 'first', generation: 1 });
  const client = clientWith({ ...running, token: { ...running.token, digest, issuedAt: BORN } });
  expect(await report(client, token)).toMatchObject({});
  expect(client.signals.map(({ operation }) => operation)).toContain('reportSessions');
  for (let count = 0; count < 19; count += 1) {
    await expect(report(client, `guess-${count}`)).rejects.toMatchObject({ failure: { code: 'notAuthenticated' } });
  }
  await expect(report(client, token)).rejects.toMatchObject({ failure: { code: 'tooManyReports' } });
});

test.each<[string, ContainerGroup, boolean]>([
  ['is waited for', { ...creating, readiness: 'report' }, true],
  ['is not the first', { ...creating, readiness: 'report', lastReport: { at: BORN, source: 'server' } }, false],
  ['is not waited for', creating, false],
  ['comes later', { ...running, readiness: 'report' }, false],
])('a report that %s wakes the provisioning: %s', async (_, state, wakes) => {
  const client = clientWith({ ...state, token: { ...state.token, digest: tokenOf(1).digest } });
  await report(client, tokenOf(1).token);
  const woken = { event: 'resourceChanged', instanceId: 'provision:games:game-1', data: {} };
  expect(client.raised).toEqual(wakes ? [woken] : []);
});

describe('a group that was read for a report a moment ago', () => {
  const fresh = { ...group, token: { ...group.token, issuedAt: new Date(now()).toISOString() } };
  /** Of one process, which keeps what it knows. */
  function processWith(state: ContainerGroup) {
    const client = clientWith(state);
    const memory = { known: createKnownGroups(now), outbox: createReportOutbox() };
    const { handle } = aciReport({ ...dependencies, gate: createReportGate(tokens), memory });
    const send = async (activeSessions: number, token = tokenOf(1).token): Promise<unknown> =>
      (await handle({ ...requestOf(client, token), json: () => Promise.resolve({ activeSessions }) })).jsonBody;
    return { client, memory, send };
  }

  test('is not read again for a report that changes nothing about who may play', async () => {
    const { client, send } = processWith({ ...fresh, activeSessions: 2 });
    await send(2);
    client.entities.delete(KEY);
    expect(await send(3)).toMatchObject({ results: [{ status: 'accepted' }], state: 'Running' });
    expect(client.signals).toHaveLength(2);
  });

  test('is read again for the first player of an empty server, who may come too late', async () => {
    const { client, send } = processWith(fresh);
    await send(0);
    client.entities.set(KEY, { ...marked, token: fresh.token, deletion: { requestedAt: BORN, cause: 'sweep 1' } });
    expect(await send(1)).toMatchObject({ results: [{ status: 'refused' }], state: 'MarkedForDeletion' });
  });

  test.each([
    ['of another group', tokens.mint({ groupKey: 'games:game-2', incarnation: 'first', generation: 1 }).token],
    ['of an earlier incarnation', tokens.mint({ groupKey: KEY, incarnation: 'zeroth', generation: 1 }).token],
  ])('takes no token %s', async (_, token) => {
    const { send } = processWith({ ...fresh, activeSessions: 2 });
    await send(2);
    await expect(send(2, token)).rejects.toMatchObject({ failure: { code: 'notAuthenticated' } });
  });

  test('is read again once this process has marked it, or begun to delete it', async () => {
    for (const change of ['ACISetState', 'ACIDelete']) {
      const { client, memory, send } = processWith({ ...fresh, activeSessions: 2 });
      await send(2);
      const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
      if (change === 'ACISetState') {
        const signal: FakeDurableClient['signal'] = async (entity, key, operation, input) => {
          await client.signal(entity, key, operation, input);
          const outcomes = [{ commandId: 'MarkedForDeletion once', at: BORN }];
          client.entities.set(KEY, { ...marked, token: fresh.token, activeSessions: 2, outcomes });
        };
        const asked = requestWith({ ...client, signal }, { ...id, state: 'MarkedForDeletion' }, 'once');
        await aciSetState(now, memory.known).handle(asked);
      } else {
        const settings = { pollIntervalMs: 10_000, provisioningDeadlineMs: 1_800_000, sessionsStaleAfterMs: 60_000 };
        const urls = { publicUrl: 'https://games.example.com', keylessStatusUrls: true };
        await aciDelete({ ...settings, ...urls }, memory.known).handle(requestWith(client, id));
        client.entities.set(KEY, { ...marked, token: fresh.token, activeSessions: 2 });
      }
      expect(await send(2), change).toMatchObject({ state: 'MarkedForDeletion' });
    }
  });
});
