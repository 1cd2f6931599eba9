import type { ListedGroup, LookFact } from '../facts.ts';
import type { Resource } from '../world/resources.ts';
import type { Invariant } from './invariant.ts';

/** What is shown is how it is. */
export const fitsAzure: Invariant = {
  name: 'fits Azure',
  promise:
    'In the end, when faults have been over for long, each group is shown as Azure has it: one that is Running or marked has a ' +
    'resource with its tags, whose creation did not fail, at the address and the ports that are shown; none is still ' +
    'Creating; and none is said to be deleted by somebody else whose resource is there.',
  judge() {
    let last: LookFact | undefined;
    return {
      take(fact) {
        if (fact.fact === 'look') last = fact;
        return [];
      },
      finish: () =>
        [...(last?.groups ?? [])].flatMap(([key, group]) => {
          const misfit = misfitOf(group, last?.resources.get(key));
          return misfit === undefined ? [] : [{ group: key, says: `${key} is ${group.state}, and ${misfit}` }];
        }),
    };
  },
};

function misfitOf(group: ListedGroup, resource: Resource | undefined): string | undefined {
  if (group.state === 'Failed') return misfitOfFailed(group, resource);
  if (group.deletion !== undefined) return undefined;
  if (group.state === 'Creating') return 'nothing is on its way any more';
  if (resource === undefined) return 'Azure has nothing of it';
  if (resource.tags['aci-incarnation'] === undefined) return 'its resource does not say whose it is';
  if (resource.provisioningState !== 'Succeeded') return `Azure calls it ${resource.provisioningState}`;
  if (resource.ip !== undefined && resource.ip !== group.publicIP) {
    return `is shown at ${group.publicIP}, where Azure has it at ${resource.ip}`;
  }
  const shown = portsOf(group.ports);
  const actual = portsOf(resource.properties.ipAddress?.ports ?? []);
  return shown === actual ? undefined : `is shown with the ports ${shown}, where Azure has ${actual}`;
}

/** What was said to be gone, and is there all the same, is a mistake of ours. */
function misfitOfFailed({ failure, createdAt }: ListedGroup, resource: Resource | undefined): string | undefined {
  const isThere = resource !== undefined && !resource.isBySomebodyElse && resource.provisioningState === 'Succeeded';
  return failure?.code === 'deletedOutside' && isThere
    ? `was said to be deleted by somebody else, where Azure has the resource of ${createdAt} all the time`
    : undefined;
}

function portsOf(ports: readonly { port: number; protocol: string }[]): string {
  return ports
    .map(({ port, protocol }) => `${port}/${protocol.toUpperCase()}`)
    .toSorted()
    .join(' ');
}
