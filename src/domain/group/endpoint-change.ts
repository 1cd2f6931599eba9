import type { Endpoint } from './container-group.ts';

/** Whether two endpoints lead clients to the same place; the order of the ports says nothing. */
export function isSameEndpoint(one: Endpoint | undefined, other: Endpoint): boolean {
  return one?.publicIP === other.publicIP && one?.fqdn === other.fqdn && portsOf(one) === portsOf(other);
}

/** What is another, for the timeline: `20.0.0.1 → 20.0.0.2`. */
export function describeEndpointChange(before: Endpoint | undefined, after: Endpoint): string {
  const changes = [
    [before?.publicIP, after.publicIP],
    [before?.fqdn, after.fqdn],
    [portsOf(before), portsOf(after)],
  ];
  return changes
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => `${one || 'none'} → ${other || 'none'}`)
    .join(', ');
}

function portsOf(endpoint: Endpoint | undefined): string {
  const ports = (endpoint?.ports ?? []).map(({ port, protocol }) => `${port}/${protocol}`);
  return ports.toSorted().join(' ');
}
