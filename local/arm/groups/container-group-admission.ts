import { containerGroupQuotaReached, dnsNameLabelNotAvailable, serviceUnavailable } from '../wire/aci-errors.ts';
import type { AciProvider } from '../aci-provider.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import { type ContainerGroup, requestedResources } from './container-group.ts';
import { groupTarget } from '../faults/fault-target.ts';
import { normalizeLocation } from '../server/regions.ts';

/** A group is let in, perhaps into a region that has no room, which shows only later; or it is refused. */
export type Admission = { lacksCapacity: boolean } | { error: ArmError };

/**
 * Decides whether a good spec can be had: its DNS label is free, quotas and the region leave room, and there were not too many creates
 * lately. Counts the create; part of the caller's transaction.
 */
export function admitContainerGroup(
  provider: AciProvider,
  group: ContainerGroup,
  existing: ContainerGroup | undefined,
): Admission {
  const { capacity, quotas } = provider.faults();
  const target = groupTarget(group);
  const key = group.planKey ?? '';
  const nowMs = provider.clock.now();
  const shortage = provider.incidents.hit('noCapacity', target, key, nowMs);
  const isFull = capacity.regionsFull.some((region) => normalizeLocation(region) === group.location);
  const isSeenAtOnce = (isFull && !capacity.async) || shortage?.late === false;
  const error =
    checkDnsLabel(provider, group, existing) ??
    checkQuota(provider, group, existing) ??
    quotaIncident(provider, group, existing) ??
    (isSeenAtOnce ? capacityError(group) : undefined) ??
    provider.writes.take('ContainerGroupCreation', group.location, nowMs, quotas);
  return error ? { error } : { lacksCapacity: isFull || shortage !== undefined };
}

function checkDnsLabel(
  provider: AciProvider,
  group: ContainerGroup,
  existing: ContainerGroup | undefined,
): ArmError | undefined {
  if (group.fqdn === undefined || !provider.groups.hasFqdn(group.fqdn, existing)) return undefined;
  return dnsNameLabelNotAvailable(group.properties.ipAddress?.dnsNameLabel ?? '', group.name);
}

function checkQuota(
  provider: AciProvider,
  group: ContainerGroup,
  existing: ContainerGroup | undefined,
): ArmError | undefined {
  const { quotas } = provider.faults();
  if (quotas === 'off') return undefined;
  const usage = provider.groups.usage(group.location, existing);
  const requested = { containerGroups: 1, standardCores: requestedResources(group.properties).cpu };
  for (const [quota, field] of [
    ['ContainerGroups', 'containerGroups'],
    ['StandardCores', 'standardCores'],
  ] as const) {
    if (usage[field] + requested[field] <= quotas[field]) continue;
    const counts = { limit: quotas[field], usage: usage[field], requested: requested[field] };
    return containerGroupQuotaReached(quota, group.location, counts);
  }
  return undefined;
}

/** Others in the subscription have used up what is left. */
function quotaIncident(
  provider: AciProvider,
  group: ContainerGroup,
  existing: ContainerGroup | undefined,
): ArmError | undefined {
  const nowMs = provider.clock.now();
  const incident = provider.incidents.hit('quotaReached', groupTarget(group), group.planKey ?? '', nowMs);
  if (!incident) return undefined;
  const { quota } = incident;
  const usage = provider.groups.usage(group.location, existing);
  const used = quota === 'ContainerGroups' ? usage.containerGroups : usage.standardCores;
  const requested = quota === 'ContainerGroups' ? 1 : requestedResources(group.properties).cpu;
  return containerGroupQuotaReached(quota, group.location, { limit: used, usage: used, requested });
}

function capacityError(group: ContainerGroup): ArmError {
  const { cpu, memoryInGB } = requestedResources(group.properties);
  return serviceUnavailable(group.location, cpu, memoryInGB, group.properties.osType ?? '');
}
