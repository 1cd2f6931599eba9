import type { ContainerGroup } from '@azure/arm-containerinstance';
import { describe, expect, test } from 'vitest';
import { toInspectedResource } from '../../../src/aci/arm-inspection.ts';

type Container = ContainerGroup['containers'][number];

const resources = { requests: { cpu: 1, memoryInGB: 1 } };

/** The types of the SDK know nothing of it. */
const nullValue: object = { value: null };

function groupWith(container: Partial<Container>, more: Partial<ContainerGroup> = {}): ContainerGroup {
  const containers = [{ name: 'server', image: 'nginx', resources, ...container }];
  return { location: 'westeurope', osType: 'Linux', containers, ...more };
}

describe('an inspected resource', () => {
  test('that shows little is one that is always restarted, and holds little', () => {
    expect(toInspectedResource(groupWith({}))).toEqual({
      provisioningState: 'NotSpecified',
      restartPolicy: 'Always',
      containers: [{ name: 'server' }],
      hasOwnSecrets: false,
    });
  });

  test('shows how the newest run that has ended did', () => {
    const previousState = { state: 'Terminated', exitCode: 1, detailStatus: 'Error' };
    const waiting = { state: 'Waiting', detailStatus: 'CrashLoopBackOff: Back-off restarting failed' };
    const view = (currentState: object) =>
      toInspectedResource(
        groupWith(
          { instanceView: { restartCount: 4, currentState, previousState } },
          {
            restartPolicy: 'OnFailure',
            provisioningState: 'Succeeded',
            instanceView: { state: 'Running' },
            tags: { 'aci-incarnation': 'first' },
          },
        ),
      );
    expect(view(waiting)).toMatchObject({
      incarnation: 'first',
      provisioningState: 'Succeeded',
      groupState: 'Running',
      restartPolicy: 'OnFailure',
      containers: [{ name: 'server', ...waiting, restartCount: 4, lastEnd: { exitCode: 1, reason: 'Error' } }],
    });
    expect(view({ state: 'Terminated', exitCode: 137, detailStatus: 'OOMKilled' }).containers[0]?.lastEnd).toEqual({
      exitCode: 137,
      reason: 'OOMKilled',
    });
    expect(view({ state: 'Terminated', detailStatus: '' }).containers[0]?.lastEnd).toEqual({});
  });

  test('tells when a container began to run, and nothing where ARM answers null', () => {
    const startTime = new Date('2026-11-24T10:00:00.000Z');
    const view = (instanceView: object) => toInspectedResource(groupWith({ instanceView })).containers[0];
    expect(view({ restartCount: 0, currentState: { state: 'Running', startTime } })).toEqual({
      name: 'server',
      state: 'Running',
      runningSince: '2026-11-24T10:00:00.000Z',
      restartCount: 0,
    });
    const none = { state: 'Terminated', startTime: null, exitCode: null, detailStatus: null };
    expect(view({ restartCount: null, currentState: none, previousState: null })).toEqual({
      name: 'server',
      state: 'Terminated',
      lastEnd: {},
    });
    expect(view({ currentState: { state: null, detailStatus: null } })).toEqual({ name: 'server' });
  });

  test('holds no credentials of an address', () => {
    const detailStatus = 'Cloning https://me:hunter2@example.com/maps.git failed.';
    const seen = toInspectedResource(
      groupWith({ instanceView: { currentState: { state: 'Terminated', detailStatus } } }),
    );
    expect(JSON.stringify(seen)).not.toContain('hunter2');
  });

  test.each<[string, ContainerGroup, boolean]>([
    ['a plain variable', groupWith({ environmentVariables: [{ name: 'REGION', value: '' }] }), false],
    ['the one of the app', groupWith({ environmentVariables: [{ name: 'ACI_SET_SESSIONS_URL' }] }), false],
    ['a secret variable', groupWith({ environmentVariables: [{ name: 'PASSWORD' }] }), true],
    [
      'a variable whose value ARM answers as null',
      groupWith({ environmentVariables: [{ name: 'PASSWORD', ...nullValue }] }),
      true,
    ],
    ['an init container without secrets', groupWith({}, { initContainers: [{ name: 'init' }] }), false],
    [
      'a secret variable of an init container',
      groupWith({}, { initContainers: [{ name: 'init', environmentVariables: [{ name: 'PASSWORD' }] }] }),
      true,
    ],
    ['a secret volume', groupWith({}, { volumes: [{ name: 'v', secret: {} }] }), true],
    ['a cloned repository', groupWith({}, { volumes: [{ name: 'v', gitRepo: { repository: 'x' } }] }), true],
    ['an empty volume', groupWith({}, { volumes: [{ name: 'v', emptyDir: {} }] }), false],
  ])('with %s has secrets of its own: %s', (_, group, expected) => {
    expect(toInspectedResource(group).hasOwnSecrets).toBe(expected);
  });
});
