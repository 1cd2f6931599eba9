import type { AciProvider } from '../aci-provider.ts';
import { readPutBody } from '../groups/put-body.ts';
import { normalizeLocation } from '../server/regions.ts';
import type { FaultOperation } from './fault-operation.ts';
import { type FaultTarget, groupTarget, imagesOf } from './fault-target.ts';

/** What a request has to do with: the group that it names or whose operation it asks about, or the one that it would create. */
export function requestTarget(
  provider: AciProvider,
  operation: FaultOperation,
  { parameters, body }: { parameters: Readonly<Record<string, string>>; body: string },
): FaultTarget {
  const { resourceGroup, name } = subjectOf(provider, parameters);
  const known =
    resourceGroup === undefined || name === undefined ? undefined : provider.groups.find(resourceGroup, name);
  if (known) return groupTarget(known);
  const location = parameters['location'];
  const region = location === undefined ? undefined : normalizeLocation(location);
  const target = { resourceGroup, name, region };
  if (operation !== 'PUT') return target;
  const asked = readPutBody(body, () => undefined);
  return asked.ok ? { ...target, region: asked.location, images: imagesOf(asked.body.properties ?? {}) } : target;
}

interface Subject {
  resourceGroup?: string | undefined;
  name?: string | undefined;
}

function subjectOf(provider: AciProvider, parameters: Readonly<Record<string, string>>): Subject {
  const { operationId, resourceGroup, name } = parameters;
  if (operationId === undefined) return { resourceGroup, name };
  const operation = provider.operations.find(operationId);
  return { resourceGroup: operation?.resourceGroup, name: operation?.name };
}
