import type { ObservedResource } from '../../../../src/domain/group/observation.ts';
import { ownTags, sortTags, type OwnFacts } from '../../../../src/domain/group/own-tags.ts';
import type { SeenResource } from '../../../../src/domain/reconcile/seen-resource.ts';
import { running } from '../group/group-fixture.ts';

/** What a look at that resource shows while it runs. */
export const observation: ObservedResource = {
  found: true,
  incarnation: 'first',
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  endpoint: running.endpoint,
  wantsPublicIP: true,
  containers: [],
  events: [],
};

/** The resource of the group of the fixture, as ARM lists it, with these tags of ours. */
export function seen(facts: Partial<OwnFacts> = {}, change: Partial<SeenResource> = {}): SeenResource {
  return {
    resourceGroup: 'Games',
    containerGroupName: 'game-1',
    location: 'westeurope',
    provisioningState: 'Succeeded',
    endpoint: running.endpoint,
    wantsPublicIP: true,
    tags: sortTags(ownTags({ incarnation: 'first', owner: 'ours', ...facts }, 0)),
    ...change,
  };
}
