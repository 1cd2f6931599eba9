import { describe, expect, test } from 'vitest';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import type { Lease } from '../../../../src/domain/seat/lease.ts';
import { leaseAnswer } from '../../../../src/triggers/seats/seat-answer.ts';
import { beingDeleted, failed, marked, running } from '../../domain/group/group-fixture.ts';
import { at, bookOf, facts, lease } from '../../domain/seat/seat-fixture.ts';

const eight: ContainerGroup = { ...running, maxSessions: 8, activeSessions: 3 };

function answer(given: Lease, { found, stored }: { found?: ContainerGroup; stored?: ContainerGroup }) {
  const client = createFakeDurableClient();
  if (stored !== undefined) {
    client.entities.set(facts.key, stored);
  }
  const book = bookOf(
    { 'lease-1': given, other: { ...lease, requestId: 'request-2', seats: 2 } },
    { clock: at(1_000) },
  );
  book.groups = { [facts.key]: { incarnation: 'first', seats: 8, sessions: 3, asOf: at(900) } };
  return leaseAnswer(client, { fleet: 'arena', id: 'lease-1', lease: given, book }, found);
}

describe('the answer that brings a lease', () => {
  test('says where the group is, and how many seats it has left', async () => {
    expect((await answer(lease, { found: eight })).jsonBody).toEqual({
      leaseId: 'lease-1',
      requestId: 'request-1',
      fleet: 'arena',
      seats: 1,
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      publicIP: '20.0.0.1',
      ports: [{ port: 7777, protocol: 'UDP' }],
      location: 'westeurope',
      expiresAt: at(60_000),
      isConfirmed: false,
      seatsFree: 2,
    });
  });

  test('reads the group where nobody has just looked, also one that is marked', async () => {
    const confirmed = { ...lease, confirmedUntil: at(90_000) };
    expect(await answer(confirmed, { stored: { ...marked, maxSessions: 2 } })).toMatchObject({
      jsonBody: { isConfirmed: true, expiresAt: at(90_000), seatsFree: 0 },
    });
  });

  test('reads the group again where the look that is at hand shows it as it was before, or another', async () => {
    for (const found of [failed, beingDeleted, { ...eight, incarnation: 'earlier' }]) {
      expect(await answer(lease, { found, stored: eight })).toMatchObject({ jsonBody: { publicIP: '20.0.0.1' } });
    }
  });

  test.each<[says: string, lease: Lease, group: { stored?: ContainerGroup }, code: string]>([
    ['has expired', { ...lease, expiresAt: at(1_000) }, { stored: eight }, 'leaseEnded'],
    ['was released', { ...lease, releasedAt: at(10) }, { stored: eight }, 'leaseEnded'],
    ['was broken', { ...lease, lostAt: at(10) }, { stored: eight }, 'groupLost'],
    ['has a group that is gone', lease, {}, 'groupLost'],
    ['has a group that is another by now', lease, { stored: { ...eight, incarnation: 'second' } }, 'groupLost'],
    ['has a group that has failed', lease, { stored: failed }, 'groupLost'],
    ['has a group whose deletion has begun', lease, { stored: beingDeleted }, 'groupLost'],
  ])('is a problem when the lease %s', async (_says, given, group, code) => {
    await expect(answer(given, group)).rejects.toMatchObject({ failure: { code } });
  });
});
