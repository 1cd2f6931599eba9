import { type AciProvider, endOperation } from '../../aci-provider.ts';
import type { ContainerGroup } from '../container-group.ts';
import { applyStep } from './apply-step.ts';
import type { ProvisioningFailure } from './provisioning-step.ts';

/** Lets happen to every group what is due, each group in one transaction with the event that tells of it. */
export function advanceGroups(provider: AciProvider): void {
  const nowMs = provider.clock.now();
  const lines: string[] = [];
  provider.database.transaction(() => {
    for (const group of provider.groups.due(nowMs)) {
      lines.push(...advanceGroup(provider, group, nowMs));
      provider.groups.save(group);
    }
  });
  for (const line of lines) provider.log(line);
}

function advanceGroup(provider: AciProvider, group: ContainerGroup, nowMs: number): string[] {
  const lines: string[] = [];
  for (let step = group.steps[0]; step && step.atMs <= nowMs; step = group.steps[0]) {
    group.steps.shift();
    const before = group.provisioningState === 'Updating' ? 'Updating' : 'Creating';
    applyStep(group, step);
    if (step.kind === 'succeeded') {
      const operation = endOperation(provider, group, 'Succeeded');
      if (operation) {
        lines.push(
          describe(group, `${before} → Running ${group.ip ?? 'without a public IP'}`, step.atMs - operation.startedMs),
        );
      }
    }
    if (step.kind === 'failed') {
      const operation = endOperation(provider, group, 'Failed');
      if (operation) {
        lines.push(describe(group, `${before} → Failed (${FAILURES[step.reason]})`, step.atMs - operation.startedMs));
      }
    }
    if (step.kind === 'exited') {
      lines.push(
        `${group.resourceGroup}/${group.name} container ${step.container} ended with exit code ${step.exitCode}`,
      );
    }
  }
  return lines;
}

const FAILURES: Readonly<Record<ProvisioningFailure, string>> = {
  imagePull: 'an image cannot be pulled',
  capacity: 'the region has no room',
  timeout: 'not ready in time',
};

function describe(group: ContainerGroup, change: string, tookMs: number): string {
  return `${group.resourceGroup}/${group.name} ${change} in ${(tookMs / 1000).toFixed(1)} s`;
}
