import { expect, test } from 'vitest';
import { checkContainerGroupSpec } from '../../../../src/domain/spec/check-container-group-spec.ts';
import type { ContainerGroupSpec } from '../../../../src/domain/spec/container-group-spec.ts';

const spec: ContainerGroupSpec = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [{ name: 'game', image: 'nginx', resources: { requests: { cpu: 1, memoryInGB: 1.5 } } }],
};
const ipAddress: ContainerGroupSpec['ipAddress'] = { type: 'Public', ports: [{ port: 80 }] };

test.each<{ says: string; change: Partial<ContainerGroupSpec>; fields: string[] }>([
  { says: 'a group that nothing reaches is good', change: { priority: 'Spot' }, fields: [] },
  { says: 'no subnet is good', change: { priority: 'Spot', subnetIds: [] }, fields: [] },
  { says: 'the standard SKU is good', change: { priority: 'Spot', sku: 'Standard' }, fields: [] },
  { says: 'an address is refused', change: { priority: 'Spot', ipAddress }, fields: ['.ipAddress'] },
  { says: 'a subnet is refused', change: { priority: 'Spot', subnetIds: [{ id: 'subnet' }] }, fields: ['.subnetIds'] },
  { says: 'another SKU is refused', change: { priority: 'Spot', sku: 'Confidential' }, fields: ['.sku'] },
  { says: 'a regular group may have an address', change: { priority: 'Regular', ipAddress }, fields: [] },
])('of Spot, $says', ({ change, fields }) => {
  const violations = checkContainerGroupSpec({ ...spec, ...change }, 'containerGroup');
  expect(violations.map(({ field }) => field)).toEqual(fields.map((field) => `containerGroup${field}`));
});
