import { describe, expect, test } from 'vitest';
import { listItemSchema, toListItem } from '../../../../src/domain/group/list-item.ts';
import { adopted, beingDeleted, BORN, creating, failed, groups, running } from './group-fixture.ts';

describe('a list item', () => {
  test('of a group that is being created has no address and no ports', () => {
    expect(toListItem(creating)).toEqual({
      resourceGroup: 'Games',
      containerGroupName: 'game-1',
      state: 'Creating',
      activeSessions: 0,
      ports: [],
      location: 'westeurope',
      createdAt: BORN,
      stateSince: BORN,
    });
  });

  test('of a running group shows everything that was asked for and where it answers', () => {
    const endpoint = { ...running.endpoint, fqdn: 'game.example.azurecontainer.io' };
    expect(toListItem({ ...running, endpoint, maxSessions: 8, labels: { fleet: 'eu' } })).toMatchObject({
      state: 'Running',
      publicIP: '20.0.0.1',
      fqdn: 'game.example.azurecontainer.io',
      ports: [{ port: 7777, protocol: 'UDP' }],
      maxSessions: 8,
      labels: { fleet: 'eu' },
    });
  });

  test('of a private group has ports and no public IP', () => {
    const item = toListItem({ ...running, endpoint: { ports: [{ port: 80, protocol: 'TCP' }] } });
    expect(item.ports).toHaveLength(1);
    expect(item).not.toHaveProperty('publicIP');
  });

  test('of a group that was adopted says that its sessions are not known', () => {
    expect(toListItem(adopted)).toMatchObject({ activeSessions: 0, sessionsUnknown: true });
    expect(toListItem(running)).not.toHaveProperty('sessionsUnknown');
  });

  test('of a failed group says why', () => {
    expect(toListItem(failed).failure).toEqual(failed.failure);
  });

  test('of a group that crashed says how, and what its container last wrote', () => {
    const end = {
      at: BORN,
      containerName: 'server',
      exitCode: 137,
      reason: 'OOMKilled',
      restartCount: 2,
      lastLines: ['a', 'b'],
    };
    const newer = { ...end, core: 'dumped' };
    expect(toListItem({ ...failed, containerEnd: newer }).containerEnd).toEqual(end);
    const short = { at: BORN, containerName: 'server', restartCount: 0 };
    expect(toListItem({ ...failed, containerEnd: short }).containerEnd).toEqual(short);
  });

  test('shows no field that only a newer version knows', () => {
    const port = { port: 7777, protocol: 'UDP' as const, name: 'game' };
    const failure = { code: 'containersExited' as const, message: 'It ended.', trace: 'at main' };
    expect(toListItem({ ...failed, failure, endpoint: { ports: [port] } })).toMatchObject({
      ports: [{ port: 7777, protocol: 'UDP' }],
      failure: { code: 'containersExited', message: 'It ended.' },
    });
    expect(JSON.stringify(toListItem({ ...failed, failure, endpoint: { ports: [port] } }))).not.toMatch(
      /name":"game"|trace/,
    );
  });

  test('of a group whose deletion began says since when, and not who asked', () => {
    expect(toListItem(beingDeleted).deletion).toEqual({ requestedAt: BORN });
  });

  test.each(['incarnation', 'token', 'creation', 'timeline', 'outcomes', 'lastReport'])('never shows %s', (field) => {
    expect(toListItem({ ...running, lastReport: { at: BORN } })).not.toHaveProperty(field);
  });
});

test.each(groups)('a list item comes back as it went out: $state', (group) => {
  const item = toListItem(group);
  expect(listItemSchema.parse(JSON.parse(JSON.stringify(item)))).toEqual(item);
});
