import type { ContainerGroupSpec } from './container-group-spec.ts';
import type { Violation } from '../violation.ts';

/**
 * What ACI refuses in a group on spare capacity: whatever reaches it from outside, and another SKU than the standard one
 * (https://learn.microsoft.com/troubleshoot/azure/azure-container-instances/configuration-setup/error-codes-spot-container-creation).
 */
export function checkSpot({ priority, ipAddress, subnetIds, sku }: ContainerGroupSpec, root: string): Violation[] {
  if (priority !== 'Spot') {
    return [];
  }
  return [
    ...(ipAddress === undefined ? [] : [{ field: `${root}.ipAddress`, expected: 'none, since the group is Spot' }]),
    ...(subnetIds?.length ? [{ field: `${root}.subnetIds`, expected: 'none, since the group is Spot' }] : []),
    ...(sku === undefined || sku === 'Standard'
      ? []
      : [{ field: `${root}.sku`, expected: 'Standard, since the group is Spot' }]),
  ];
}
