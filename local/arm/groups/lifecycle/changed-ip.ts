import type { AciProvider } from '../../aci-provider.ts';
import { groupTarget } from '../../faults/fault-target.ts';
import type { ContainerGroup } from '../container-group.ts';

/** Addresses of loopback from 127.0.0.2 to 127.0.0.254. */
const OTHER_ADDRESSES = 253;

/**
 * The other address that a group has after a restart when the incident `ipChanges` hits it then: "If a container group restarts, the
 * container group's IP may change" (learn.microsoft.com/azure/container-instances/container-instances-best-practices-and-considerations).
 */
export function changedIp(provider: AciProvider, group: ContainerGroup, atMs: number): string | undefined {
  // Programs listen on the one address that every laptop has.
  if (!group.properties.ipAddress || group.mappedPorts) return undefined;
  const { incidents, random } = provider;
  const key = `${group.planKey ?? ''} ${atMs}`;
  if (!incidents.hit('ipChanges', groupTarget(group), key, atMs)) return undefined;
  const others = Array.from({ length: OTHER_ADDRESSES }, (_, index) => `127.0.0.${index + 2}`);
  const free = others.filter((ip) => ip !== group.ip);
  return free[Math.floor(random.draw('ip', key) * free.length)];
}
