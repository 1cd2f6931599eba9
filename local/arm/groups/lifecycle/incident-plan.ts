import type { AciProvider } from '../../aci-provider.ts';
import { groupTarget, imagesHit, imagesOf } from '../../faults/fault-target.ts';
import type { Incident } from '../../faults/incident-schema.ts';
import { isOn } from '../../faults/incidents.ts';
import type { ContainerGroup } from '../container-group.ts';
import { changedIp } from './changed-ip.ts';
import type { ContainerExit, ProvisioningStep } from './provisioning-step.ts';

/**
 * Decides what the incidents that are on or come will do to a group that runs from `runningMs` on: each once and, where it ends
 * containers, again with each of their runs.
 */
export function planIncidents(provider: AciProvider, group: ContainerGroup, runningMs: number): ProvisioningStep[] {
  const { incidents } = provider;
  const target = groupTarget(group);
  return incidents.all().flatMap((timed): ProvisioningStep[] => {
    const { incident, fromMs, untilMs } = timed;
    if (!('afterSeconds' in incident)) return [];
    const atMs = Math.round(Math.max(runningMs, fromMs) + incident.afterSeconds * 1000);
    if (!isOn({ fromMs, untilMs }, atMs) || !incidents.isAimedAt(timed, target, group.planKey ?? '')) return [];
    return planIncident(provider, group, incident, { atMs, untilMs });
  });
}

/** What happens to a group that runs, a while after it began to. */
type RunningIncident = Extract<Incident, { afterSeconds: number }>;

function planIncident(
  provider: AciProvider,
  group: ContainerGroup,
  incident: RunningIncident,
  { atMs, untilMs }: { atMs: number; untilMs: number | undefined },
): ProvisioningStep[] {
  const isIncident = true;
  switch (incident.kind) {
    case 'failsAfterSuccess':
      return [{ kind: 'lost', atMs, isIncident }];
    case 'silentRestarts': {
      const ip = changedIp(provider, group, atMs);
      return [{ kind: 'moved', atMs, isIncident, ...(ip === undefined ? {} : { ip }) }];
    }
    case 'deletedOutside':
      return [{ kind: 'deleted', atMs, isIncident }];
    case 'tagsReplaced':
      return [{ kind: 'retagged', atMs, isIncident, tags: incident.tags }];
    case 'crashLoops':
    case 'outOfMemory': {
      const ranMs = Math.round(incident.afterSeconds * 1000);
      const exit: Omit<ContainerExit, 'container'> =
        incident.kind === 'outOfMemory'
          ? { exitCode: OUT_OF_MEMORY_EXIT_CODE, ranMs, detailStatus: 'OOMKilled', untilMs }
          : { exitCode: incident.exitCode, ranMs, untilMs };
      const hit = imagesHit(incident, group.properties);
      return imagesOf(group.properties).flatMap((image, container): ProvisioningStep[] =>
        hit.includes(image) ? [{ kind: 'exited', atMs, isIncident, container, ...exit }] : [],
      );
    }
  }
}

/** 128 and SIGKILL, with the reason of the container runtime (kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource). */
const OUT_OF_MEMORY_EXIT_CODE = 137;
