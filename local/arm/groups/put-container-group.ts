import { containerGroupTransitioning, inaccessibleImage, invalidContainerGroupUpdate } from '../wire/aci-errors.ts';
import { type AciProvider, beginOperation } from '../aci-provider.ts';
import { invalidResourceLocation, locationNotAvailable, locationRequired } from '../wire/arm-errors.ts';
import { type ArmError, type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { actionOf, type ArmRequest, parameterOf, planKeyOf } from '../wire/arm-request.ts';
import { type ContainerGroup, isTransitioning } from './container-group.ts';
import type { ContainerGroupBody, GroupProperties } from '../wire/container-group-body.ts';
import { environmentsOf } from './container-environment.ts';
import { showContainerGroup } from './container-group-view.ts';
import { admitContainerGroup } from './container-group-admission.ts';
import { fqdnOf } from './fqdn.ts';
import { isForbiddenUpdate } from './group-update.ts';
import { readPutBody } from './put-body.ts';
import { answerDelayMs, operationHeaders } from '../wire/operation-headers.ts';
import { LAPTOP_IP } from './lifecycle/apply-step.ts';
import { BUILT_IN_IMAGES, isNamed } from './lifecycle/provisioning-plan.ts';
import { planRun } from './lifecycle/run-plan.ts';
import { isRegion, listRegions } from '../server/regions.ts';
import { validateContainerGroup } from './validation/validate-container-group.ts';

/**
 * Creates a container group, or updates the one of that name, which restarts it. The answer comes at once with an operation to poll;
 * its secrets have been dropped before anything was stored, but for the variables of its containers, which are sealed.
 */
export function putContainerGroup(provider: AciProvider, request: ArmRequest): ArmReply {
  const resourceGroup = parameterOf(request, 'resourceGroup');
  const name = parameterOf(request, 'name');
  const existing = provider.groups.find(resourceGroup, name);
  const parsed = readPutBody(request.body, (location) => checkLocation(location, existing));
  if (!parsed.ok) return errorReply(parsed.error);
  const { body, shown, location } = parsed;
  const error =
    validateContainerGroup(name, body.properties ?? {}) ??
    checkUpdate(existing, shown.properties ?? {}) ??
    checkImages(provider, name, body.properties ?? {});
  if (error) return errorReply(error);

  const group = makeGroup(request, shown, location, existing);
  group.sealedEnvironments = provider.environments.seal(environmentsOf(body));
  const mappedPorts = provider.containers.mapPorts(group, existing);
  if (mappedPorts) group.mappedPorts = mappedPorts;
  group.fqdn = fqdnOf(group, provider.random);
  // The address is known early only when it has a name (recordings of Azure's SDK tests).
  if (group.fqdn !== undefined) group.ip = LAPTOP_IP;
  return accept(provider, request, group, existing);
}

function makeGroup(
  request: ArmRequest,
  shown: ContainerGroupBody,
  location: string,
  existing: ContainerGroup | undefined,
): ContainerGroup {
  return {
    resourceGroup: existing?.resourceGroup ?? parameterOf(request, 'resourceGroup'),
    name: existing?.name ?? parameterOf(request, 'name'),
    location,
    tags: shown.tags ?? {},
    zones: shown.zones,
    identity: shown.identity,
    properties: { restartPolicy: 'Always', ...shown.properties },
    provisioningState: existing ? 'Updating' : 'Pending',
    instanceState: 'Pending',
    ip: existing?.ip,
    instances: (shown.properties?.containers ?? []).map(() => ({ restartCount: 0, events: [] })),
    events: [],
    steps: [],
    planKey: planKeyOf(request),
  };
}

function accept(
  provider: AciProvider,
  request: ArmRequest,
  group: ContainerGroup,
  existing: ContainerGroup | undefined,
): ArmReply {
  const { clock, subscriptionId } = provider;
  const nowMs = clock.now();
  const faults = provider.faults();
  const refused = provider.database.transaction((): ArmError | undefined => {
    const admission = admitContainerGroup(provider, group, existing);
    if ('error' in admission) return admission.error;
    const { lacksCapacity } = admission;
    group.steps = planRun(provider, group, { startMs: nowMs, lacksCapacity, isRestart: existing !== undefined });
    beginOperation(provider, request.requestId, group, actionOf(request, 'write', { isCreate: !existing }));
    return undefined;
  });
  if (refused) return errorReply(refused);
  provider.changed();
  return {
    status: existing ? 200 : 201,
    body: showContainerGroup(group, subscriptionId, { withInstanceView: true }),
    headers: {
      ...operationHeaders(provider, group.location, request.requestId),
      ...provider.writes.remainingHeaders('ContainerGroupCreation', group.location, nowMs, faults.quotas),
      'x-ms-request-id': `${group.location}:${request.requestId}`,
    },
    delayMs: answerDelayMs(provider, request),
  };
}

function checkLocation(location: string, existing: ContainerGroup | undefined): ArmError | undefined {
  if (location === '') return locationRequired();
  if (!isRegion(location)) return locationNotAvailable(location, listRegions());
  if (!existing || existing.location === location) return undefined;
  return invalidResourceLocation(existing.name, existing.resourceGroup, existing.location, location);
}

function checkUpdate(existing: ContainerGroup | undefined, properties: GroupProperties): ArmError | undefined {
  if (!existing) return undefined;
  if (isTransitioning(existing)) return containerGroupTransitioning(existing.name);
  return isForbiddenUpdate(existing.properties, properties) ? invalidContainerGroupUpdate(existing.name) : undefined;
}

function checkImages(provider: AciProvider, name: string, properties: GroupProperties): ArmError | undefined {
  const images = (properties.containers ?? []).map((container) => container.properties?.image ?? '');
  const { inaccessible } = provider.faults().images;
  const image = images.find((candidate) => isNamed(candidate, BUILT_IN_IMAGES.inaccessible, inaccessible));
  return image === undefined ? undefined : inaccessibleImage(image, name);
}
