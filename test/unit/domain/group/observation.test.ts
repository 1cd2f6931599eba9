import { expect, test } from 'vitest';
import { observationSchema, type Observation } from '../../../../src/domain/group/observation.ts';
import { BORN } from './group-fixture.ts';

const seen: Observation = {
  found: true,
  incarnation: 'first',
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  endpoint: { publicIP: '20.0.0.1', ports: [{ port: 80, protocol: 'TCP' }] },
  wantsPublicIP: true,
  containers: [{ name: 'game', state: 'Running', detailStatus: '', exitCode: 0, restartCount: 1 }],
  events: [{ name: 'Pulled', message: 'm', count: 1, lastAt: BORN }],
};

test.each<Observation>([{ found: false }, seen])('an observation comes back as it went out: found $found', (look) => {
  expect(observationSchema.parse(JSON.parse(JSON.stringify(look)))).toEqual(look);
});

test('an observation has found the resource or not', () => {
  expect(observationSchema.safeParse({ ...seen, found: 'maybe' }).success).toBe(false);
});
