import type { ContainerGroup } from '@azure/arm-containerinstance';
import { describe, expect, test } from 'vitest';
import { incarnationOf, sharesContainers, toArmContainerGroup, toObservation } from '../../../src/aci/arm-model.ts';

const resources = { requests: { cpu: 1, memoryInGB: 1 } };
const plain: ContainerGroup = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [{ name: 'game', image: 'nginx', resources }],
};

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 10, 0, second));

describe('the resource of a spec', () => {
  test('is the spec with a tag that says which incarnation it is', () => {
    const group = toArmContainerGroup({ ...plain, tags: { team: 'games' } }, { incarnation: 'first' });
    expect(group).toEqual({ ...plain, tags: { team: 'games', 'aci-incarnation': 'first' } });
    expect(incarnationOf(group)).toBe('first');
  });

  test('that others made has no incarnation', () => {
    expect(incarnationOf(plain)).toBeUndefined();
    expect(incarnationOf({ ...plain, tags: { team: 'games' } })).toBeUndefined();
  });

  test('says its incarnation in whatever case somebody wrote the name of the tag', () => {
    expect(incarnationOf({ ...plain, tags: { 'ACI-Incarnation': 'first' } })).toBe('first');
  });
});

test.each([
  ['with the same containers', ['game'], true],
  ['with one of them among others', ['sidecar', 'game'], true],
  ['with others alone', ['sidecar', 'web'], false],
])('a resource %s may be the one of a spec: %s', (_, names, may) => {
  const containers = names.map((name) => ({ name, image: 'busybox', resources }));
  expect(sharesContainers({ ...plain, containers }, plain)).toBe(may);
});

describe('an observation', () => {
  test('of a resource that shows little holds little', () => {
    expect(toObservation(plain)).toEqual({
      found: true,
      provisioningState: 'NotSpecified',
      endpoint: { ports: [] },
      wantsPublicIP: false,
      containers: [{ name: 'game' }],
      events: [],
    });
  });

  test('holds no credentials of an address that an event or a detail repeats', () => {
    const words = 'Cloning https://me:hunter2@example.com/maps.git failed.';
    const instanceView = { events: [{ name: 'Failed', message: words }], currentState: { detailStatus: words } };
    const observation = toObservation({
      ...plain,
      containers: [{ name: 'game', image: 'nginx', resources, instanceView }],
    });
    expect(JSON.stringify(observation)).not.toContain('hunter2');
    expect(observation).toMatchObject({ events: [{ message: 'Cloning https://***@example.com/maps.git failed.' }] });
  });

  test('of a running group has its address, its containers and its events, oldest first', () => {
    const group: ContainerGroup = {
      ...plain,
      tags: { 'aci-incarnation': 'first' },
      provisioningState: 'Succeeded',
      ipAddress: {
        type: 'Public',
        ip: '20.0.0.1',
        fqdn: 'game.example.com',
        ports: [{ port: 7777, protocol: 'UDP' }, { port: 80 }],
      },
      instanceView: { state: 'Running', events: [{ name: 'Late', message: 'm', count: 2, lastTimestamp: at(9) }] },
      containers: [
        {
          name: 'game',
          image: 'nginx',
          resources,
          instanceView: {
            restartCount: 1,
            currentState: { state: 'Running', detailStatus: 'fine', exitCode: 0 },
            events: [{ name: 'Pulled', lastTimestamp: at(1) }, {}],
          },
        },
      ],
    };
    expect(toObservation(group)).toEqual({
      found: true,
      incarnation: 'first',
      provisioningState: 'Succeeded',
      instanceState: 'Running',
      endpoint: {
        publicIP: '20.0.0.1',
        fqdn: 'game.example.com',
        ports: [
          { port: 7777, protocol: 'UDP' },
          { port: 80, protocol: 'TCP' },
        ],
      },
      wantsPublicIP: true,
      containers: [{ name: 'game', state: 'Running', detailStatus: 'fine', exitCode: 0, restartCount: 1 }],
      events: [
        { name: '', message: '', count: 1 },
        { name: 'Pulled', message: '', count: 1, lastAt: '2026-11-24T10:00:01.000Z' },
        { name: 'Late', message: 'm', count: 2, lastAt: '2026-11-24T10:00:09.000Z' },
      ],
    });
  });

  test('takes an empty IP for none, as ACI shows it before there is one', () => {
    const { endpoint } = seen({ ...plain, ipAddress: { type: 'Public', ip: '', ports: [] } });
    expect(endpoint).toEqual({ ports: [] });
  });

  test('of a private address wants no public IP', () => {
    expect(seen({ ...plain, ipAddress: { type: 'Private', ports: [] } }).wantsPublicIP).toBe(false);
  });
});

function seen(group: ContainerGroup) {
  const observation = toObservation(group);
  if (!observation.found) {
    throw new Error('A resource that is there was not found.');
  }
  return observation;
}
