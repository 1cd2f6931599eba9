import type { GroupId } from '../group/group-id.ts';
import type { ContainerGroupSpec } from './container-group-spec.ts';
import type { Violation } from '../violation.ts';

/** What may be created at all; an absent list or ceiling allows everything. */
export interface CreationPolicy {
  resourceGroups?: readonly string[];
  regions?: readonly string[];
  /** Hosts, such as `example.azurecr.io`; images without a host come from `docker.io`. */
  registries?: readonly string[];
  /** Of all containers of a group together. */
  maxCpu?: number;
  maxMemoryInGB?: number;
  maxContainers?: number;
  /** Groups that exist at the same time. */
  maxGroups?: number;
  allowIdentity: boolean;
  allowSubnet: boolean;
}

/** What of a creation the policy forbids, before anything is started. `maxGroups` needs a count and is checked beside it. */
export function checkCreationPolicy(id: GroupId, spec: ContainerGroupSpec, policy: CreationPolicy): Violation[] {
  return [
    ...checkPlace(id, spec, policy),
    ...checkImages(spec, policy),
    ...checkSize(spec, policy),
    ...checkAttachments(spec, policy),
  ].map((violation) => ({ ...violation, code: 'notAllowed' }));
}

/**
 * The registry that an image comes from, as Docker tells it: a first part with a dot, a colon or a capital letter
 * (https://github.com/distribution/reference, splitDockerDomain; the name of the own machine, from which ACI can pull nothing, is left out).
 */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && /[.:A-Z]/.test(first);
  const host = isHost ? first.toLowerCase() : 'docker.io';
  return host === 'index.docker.io' ? 'docker.io' : host;
}

function checkPlace({ resourceGroup }: GroupId, { location }: ContainerGroupSpec, policy: CreationPolicy): Violation[] {
  return [
    ...oneOf(
      'resourceGroup',
      resourceGroup.toLowerCase(),
      policy.resourceGroups?.map((name) => name.toLowerCase()),
    ),
    ...oneOf('containerGroup.location', regionName(location), policy.regions?.map(regionName)),
  ];
}

function checkImages(spec: ContainerGroupSpec, { registries }: CreationPolicy): Violation[] {
  const images = [
    ...spec.containers.map(({ image }, index) => ({ image, field: `containerGroup.containers[${index}].image` })),
    ...(spec.initContainers ?? []).map(({ image }, index) => ({
      image,
      field: `containerGroup.initContainers[${index}].image`,
    })),
  ];
  const allowed = registries?.map((registry) => registry.toLowerCase());
  return images.flatMap(({ image, field }) =>
    image === undefined || allowed === undefined ? [] : oneOf(field, isAscii(image) ? registryOf(image) : '', allowed),
  );
}

/** A letter of another alphabet can become one of ours in lower case, as the Kelvin sign does. */
function isAscii(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

function checkSize({ containers, initContainers = [] }: ContainerGroupSpec, policy: CreationPolicy): Violation[] {
  const total = (amount: (requests: { cpu: number; memoryInGB: number }) => number): number =>
    containers.reduce((sum, { resources }) => sum + amount(resources.requests), 0);
  const field = 'containerGroup.containers';
  return [
    ...atMost(
      field,
      total(({ cpu }) => cpu),
      policy.maxCpu,
      'vCPUs in all',
    ),
    ...atMost(
      field,
      total(({ memoryInGB }) => memoryInGB),
      policy.maxMemoryInGB,
      'GB of memory in all',
    ),
    ...atMost(
      field,
      containers.length + initContainers.length,
      policy.maxContainers,
      'containers with init containers',
    ),
  ];
}

function checkAttachments(spec: ContainerGroupSpec, { allowIdentity, allowSubnet }: CreationPolicy): Violation[] {
  const identityFields = allowIdentity ? [] : fieldsWithIdentity(spec);
  return [
    ...identityFields.map((field) => ({ field, expected: 'no managed identity, which a setting would have to allow' })),
    ...((spec.subnetIds ?? []).length > 0 && !allowSubnet
      ? [{ field: 'containerGroup.subnetIds', expected: 'no subnet, which a setting would have to allow' }]
      : []),
  ];
}

/** Every field through which a group, or the platform on its behalf, would act as a managed identity. */
function fieldsWithIdentity({
  identity,
  imageRegistryCredentials = [],
  encryptionProperties,
}: ContainerGroupSpec): string[] {
  const isNone = identity?.type === 'None' && Object.keys(identity.userAssignedIdentities ?? {}).length === 0;
  const registries = imageRegistryCredentials.flatMap((credential, index) =>
    (['identity', 'identityUrl'] as const)
      .filter((name) => credential[name] !== undefined)
      .map((name) => `containerGroup.imageRegistryCredentials[${index}].${name}`),
  );
  return [
    ...(identity === undefined || isNone ? [] : ['containerGroup.identity']),
    ...registries,
    ...(encryptionProperties?.identity === undefined ? [] : ['containerGroup.encryptionProperties.identity']),
  ];
}

function regionName(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}

function oneOf(field: string, value: string, allowed: readonly string[] | undefined): Violation[] {
  return allowed === undefined || allowed.includes(value)
    ? []
    : [{ field, expected: 'one that this installation allows' }];
}

function atMost(field: string, value: number, limit: number | undefined, unit: string): Violation[] {
  return limit === undefined || value <= limit ? [] : [{ field, expected: `at most ${limit} ${unit}` }];
}
