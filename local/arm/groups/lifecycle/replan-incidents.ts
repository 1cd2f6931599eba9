import type { AciProvider } from '../../aci-provider.ts';
import type { ContainerGroup } from '../container-group.ts';
import { planIncidents } from './incident-plan.ts';
import type { ProvisioningStep } from './provisioning-step.ts';

/** Takes back what earlier incidents were about to do to the groups, and plans what those of now will; call it when they were set. */
export function replanIncidents(provider: AciProvider): void {
  const hasIncidents = provider.incidents.all().length > 0;
  provider.database.transaction(() => {
    for (const group of hasIncidents ? provider.groups.all() : provider.groups.withIncidentSteps()) {
      const steps = replan(provider, group);
      if (JSON.stringify(steps) === JSON.stringify(group.steps)) continue;
      group.steps = steps;
      provider.groups.save(group);
    }
  });
}

function replan(provider: AciProvider, group: ContainerGroup): ProvisioningStep[] {
  const kept = group.steps.flatMap(withoutIncident);
  const succeededMs = kept.find(({ kind }) => kind === 'succeeded')?.atMs;
  const isRunning = group.provisioningState === 'Succeeded' && group.instanceState === 'Running';
  const runningMs = succeededMs ?? (isRunning ? provider.clock.now() : undefined);
  const following = runningMs === undefined ? [] : planIncidents(provider, group, runningMs);
  return [...kept, ...following].toSorted((one, other) => one.atMs - other.atMs);
}

/** A container that waits for its restart gets it, and then runs on. */
function withoutIncident(step: ProvisioningStep): ProvisioningStep[] {
  if (!step.isIncident) return [step];
  return step.kind === 'restarted' ? [{ ...step, untilMs: 0 }] : [];
}
