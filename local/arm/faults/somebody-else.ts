import type { AciProvider } from '../aci-provider.ts';
import { putContainerGroup } from '../groups/put-container-group.ts';
import { createWakeUp, type WakeUp } from '../groups/lifecycle/wake-up.ts';
import type { IncidentOf } from './incident-schema.ts';
import type { TimedIncident } from './incidents.ts';

/** Creates whoever creates groups in the subscription beside the app when an incident `createdOutside` says so, each once. */
export function createSomebodyElse(provider: AciProvider): WakeUp {
  const done = new WeakSet<TimedIncident>();
  const waiting = (): TimedIncident<IncidentOf<'createdOutside'>>[] =>
    provider.incidents.ofKind('createdOutside').filter((each) => !done.has(each));
  return createWakeUp(
    provider.clock,
    () => (waiting().length === 0 ? undefined : Math.min(...waiting().map(({ fromMs }) => fromMs))),
    () => {
      for (const each of waiting()) {
        if (each.fromMs > provider.clock.now()) continue;
        create(provider, each);
        done.add(each);
      }
    },
  );
}

function create(
  provider: AciProvider,
  { incident, number, fromMs }: TimedIncident<IncidentOf<'createdOutside'>>,
): void {
  const { resourceGroup, name, region, image, tags } = incident;
  const { random, endpoint, subscriptionId, log } = provider;
  const existing = provider.groups.find(resourceGroup, name);
  if (existing) return log(`${resourceGroup}/${name} is there already: somebody else leaves it alone`);
  const requestId = random.uuid('somebody else', 'create', number, fromMs);
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  const properties = { osType: 'Linux', containers: [{ name, properties: { image, resources } }] };
  const { status, body } = putContainerGroup(provider, {
    method: 'PUT',
    url: new URL(path, endpoint),
    parameters: { resourceGroup, name },
    body: JSON.stringify({ location: region, tags, properties }),
    requestId,
    correlationId: random.uuid('correlation', requestId),
    clientRequestId: '',
    isBySomebodyElse: true,
  });
  const outcome =
    status < 300 ? 'was created by somebody else' : `is refused to somebody else: ${JSON.stringify(body)}`;
  log(`${resourceGroup}/${name} ${outcome}`);
}
