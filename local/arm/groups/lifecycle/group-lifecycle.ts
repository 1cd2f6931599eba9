import { type AciProvider, endOperation } from '../../aci-provider.ts';
import type { ContainerGroup } from '../container-group.ts';
import { applyOutsideStep } from './apply-outside-step.ts';
import { applyStep } from './apply-step.ts';
import { isOutsideStep, type ProvisioningFailure } from './provisioning-step.ts';

/** Lets happen to every group what is due, each group in one transaction with the event that tells of it. */
export function advanceGroups(provider: AciProvider): void {
  const nowMs = provider.clock.now();
  const lines: string[] = [];
  provider.database.transaction(() => {
    for (const group of provider.groups.due(nowMs)) {
      const advanced = advanceGroup(provider, group, nowMs);
      lines.push(...advanced.lines);
      if (!advanced.isGone) provider.groups.save(group);
    }
  });
  for (const line of lines) provider.log(line);
}

function advanceGroup(
  provider: AciProvider,
  group: ContainerGroup,
  nowMs: number,
): { lines: string[]; isGone: boolean } {
  const lines: string[] = [];
  for (let step = group.steps[0]; step && step.atMs <= nowMs; step = group.steps[0]) {
    group.steps.shift();
    if (isOutsideStep(step)) {
      const outcome = applyOutsideStep(provider, group, step);
      lines.push(outcome.line);
      if (outcome.isGone) return { lines, isGone: true };
      continue;
    }
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
  return { lines, isGone: false };
}

const FAILURES: Readonly<Record<ProvisioningFailure, string>> = {
  imagePull: 'an image cannot be pulled',
  capacity: 'the region has no room',
  timeout: 'not ready in time',
};

function describe(group: ContainerGroup, change: string, tookMs: number): string {
  return `${group.resourceGroup}/${group.name} ${change} in ${(tookMs / 1000).toFixed(1)} s`;
}
