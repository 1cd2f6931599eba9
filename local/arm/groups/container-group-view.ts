import type { ContainerGroup, ContainerInstance, ContainerState, InstanceEvent } from './container-group.ts';
import { containerGroupId } from './container-group.ts';
import { findMapped, type MappedPort } from '../containers/port-map.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import { isJsonObject } from '../wire/json.ts';
import { PROVISIONING_TIMEOUT_SECONDS } from './lifecycle/provisioning-plan.ts';

/** Shows a group as ARM does. Lists leave the instance view out, single reads have it. */
export function showContainerGroup(
  group: ContainerGroup,
  subscriptionId: string,
  { withInstanceView }: { withInstanceView: boolean },
): JsonObject {
  const resource: JsonObject = {
    id: containerGroupId(subscriptionId, group),
    name: group.name,
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: group.location,
    tags: { ...group.tags },
    properties: showProperties(group, withInstanceView),
  };
  if (group.zones) resource['zones'] = [...group.zones];
  if (group.identity) resource['identity'] = group.identity;
  return resource;
}

/** Lists the events of a group and its containers, as an operation shows them. */
export function showAllEvents(group: ContainerGroup): JsonObject[] {
  return [...group.events, ...group.instances.flatMap((instance) => instance.events)].map(showEvent);
}

function showProperties(group: ContainerGroup, withInstanceView: boolean): JsonObject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- it was read from JSON and holds nothing else
  const asked = structuredClone(group.properties) as unknown as JsonObject;
  const properties: JsonObject = {
    sku: 'Standard',
    initContainers: [],
    ...asked,
    provisioningState: group.provisioningState,
    provisioningTimeoutInSeconds: PROVISIONING_TIMEOUT_SECONDS,
    isCustomProvisioningTimeout: false,
    isCreatedFromStandbyPool: false,
  };
  const ipAddress = properties['ipAddress'];
  if (isJsonObject(ipAddress)) {
    if (group.ip !== undefined) ipAddress['ip'] = group.ip;
    if (group.fqdn !== undefined) ipAddress['fqdn'] = group.fqdn;
    if (group.mappedPorts) ipAddress['ports'] = showPorts(group, group.mappedPorts);
  }
  if (!withInstanceView) return properties;
  properties['instanceView'] = { events: group.events.map(showEvent), state: group.instanceState };
  for (const [index, container] of listOf(properties['containers']).entries()) {
    const instance = group.instances[index];
    const inner = isJsonObject(container) ? container['properties'] : undefined;
    if (instance?.currentState && isJsonObject(inner)) inner['instanceView'] = showInstance(instance);
  }
  return properties;
}

/** Programs are reached at other ports than they would be in Azure, where each group has an address of its own. */
function showPorts({ properties }: ContainerGroup, map: readonly MappedPort[]): JsonObject[] {
  return (properties.ipAddress?.ports ?? []).map((asked) => {
    const { protocol = 'TCP', port = 0 } = asked;
    return { protocol, port: findMapped(map, asked)?.mapped ?? port };
  });
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function showInstance(instance: ContainerInstance): JsonObject {
  const view: JsonObject = { restartCount: instance.restartCount, events: instance.events.map(showEvent) };
  if (instance.currentState) view['currentState'] = showState(instance.currentState);
  if (instance.previousState) view['previousState'] = showState(instance.previousState);
  return view;
}

function showState(state: ContainerState): JsonObject {
  switch (state.state) {
    case 'Waiting':
      return { state: state.state, detailStatus: state.detailStatus };
    case 'Running':
      return { state: state.state, startTime: showTime(state.startMs), detailStatus: '' };
    case 'Terminated':
      return {
        state: state.state,
        startTime: showTime(state.startMs),
        finishTime: showTime(state.finishMs),
        exitCode: state.exitCode,
        detailStatus: state.detailStatus,
      };
  }
}

function showEvent(event: InstanceEvent): JsonObject {
  return {
    count: event.count,
    firstTimestamp: showTime(event.firstMs),
    lastTimestamp: showTime(event.lastMs),
    name: event.name,
    message: event.message,
    type: event.type,
  };
}

function showTime(ms: number): string {
  return new Date(ms).toISOString();
}
