import type { AciProvider } from '../../aci-provider.ts';
import { groupTarget, imagesHit, imagesOf } from '../../faults/fault-target.ts';
import type { ContainerGroup } from '../container-group.ts';
import { changedIp } from './changed-ip.ts';
import { planIncidents } from './incident-plan.ts';
import { planProvisioning } from './provisioning-plan.ts';
import type { ProvisioningStep } from './provisioning-step.ts';

/** What a run of a group's containers begins with. */
export interface RunStart {
  startMs: number;
  /** The region has no room, which shows only now. */
  lacksCapacity: boolean;
  /** The containers have run before, at an address that they may lose. */
  isRestart: boolean;
}

/** Decides what will happen to a group that is created or started, by itself and by the incidents that are on or come. */
export function planRun(provider: AciProvider, group: ContainerGroup, start: RunStart): ProvisioningStep[] {
  const { incidents, timing, random } = provider;
  const { startMs, lacksCapacity, isRestart } = start;
  const target = groupTarget(group);
  const key = group.planKey ?? '';
  const faults = provider.faults();
  const unpullable = incidents.hit('pullFails', target, key, startMs);
  const hit = unpullable ? imagesHit(unpullable, group.properties) : [];
  const missing = imagesOf(group.properties).filter(provider.containers.lacks);
  const pullFails = [...faults.images.pullFails, ...hit, ...missing];
  const steps = planProvisioning(group.properties, {
    timing,
    random,
    key,
    startMs,
    lacksCapacity,
    faults: { ...faults, images: { ...faults.images, pullFails } },
    pullDelayMs: (incidents.hit('slowPull', target, key, startMs)?.delaySeconds ?? 0) * 1000,
    isStuck: incidents.hit('stuckCreating', target, key, startMs) !== undefined,
  });
  const ip = isRestart ? changedIp(provider, group, startMs) : undefined;
  const withIp = steps.map((step) => (step.kind === 'creating' && ip !== undefined ? { ...step, ip } : step));
  const succeeded = steps.find(({ kind }) => kind === 'succeeded');
  const following = succeeded ? planIncidents(provider, group, succeeded.atMs) : [];
  return [...withIp, ...following].toSorted((one, other) => one.atMs - other.atMs);
}
