import { invalidSpec } from '../../wire/aci-errors.ts';
import type { ArmError } from '../../wire/arm-reply.ts';
import { requestedResources } from '../container-group.ts';
import type {
  ContainerBody,
  EnvironmentVariableBody,
  GroupProperties,
  InitContainerBody,
} from '../../wire/container-group-body.ts';
import { isValidName } from '../../wire/container-name.ts';

/** learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits */
const MAX_CONTAINERS = 60;

/** What the capabilities of every region show at most (location.listCapabilities, seen in recordings). */
export const MAX_CPU = 32;
/** Gigabytes, from the same source. */
export const MAX_MEMORY_GB = 256;

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerinstance */
const MAX_ENVIRONMENT_NAME_LENGTH = 63;

/** Finds what is wrong with the containers of a group. */
export function validateContainers(group: string, properties: GroupProperties): ArmError | undefined {
  const containers = properties.containers ?? [];
  if (containers.length === 0) {
    return invalidSpec('MissingContainers', `The containers in container group '${group}' cannot be empty.`);
  }
  const count = containers.length + (properties.initContainers?.length ?? 0);
  if (count > MAX_CONTAINERS) {
    return invalidSpec(
      'TooManyContainers',
      `The container group '${group}' has '${count}' containers, more than the limit of '${MAX_CONTAINERS}'.`,
    );
  }
  return (
    validateNames(group, properties) ??
    first(containers, (container) => validateContainer(group, container)) ??
    first(properties.initContainers ?? [], (init) => validateInitContainer(group, init)) ??
    validateTotals(group, properties) ??
    validateCredentials(group, properties)
  );
}

function validateNames(group: string, properties: GroupProperties): ArmError | undefined {
  const names = [...(properties.containers ?? []), ...(properties.initContainers ?? [])].map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (name === undefined || !isValidName(name)) {
      return invalidSpec(
        'InvalidContainerName',
        `The container name '${name ?? '<null>'}' in container group '${group}' is invalid. It can contain only lowercase letters, ` +
          'numbers and hyphens, must begin and end with a letter or number, and must be between 1 and 63 characters long.',
      );
    }
    if (names.indexOf(name) !== index) {
      return invalidSpec(
        'DuplicateContainerName',
        `The container name '${name}' in container group '${group}' is not unique.`,
      );
    }
  }
  return undefined;
}

function validateContainer(group: string, container: ContainerBody): ArmError | undefined {
  const name = container.name ?? '';
  const { image, resources, environmentVariables } = container.properties ?? {};
  if (!image) return missingImage(group, name);
  const { cpu, memoryInGB } = resources?.requests ?? {};
  if (cpu === undefined || memoryInGB === undefined) {
    return invalidSpec(
      'ResourceRequestsNotSpecified',
      `The resource requests are not specified in container '${name}' of contain group '${group}'. Both memory and CPU requests are ` +
        "required since API version '2017-07-01-preview'.",
    );
  }
  if (cpu <= 0 || memoryInGB <= 0) {
    return invalidSpec(
      'InvalidResourceRequests',
      `The resource requests in container '${name}' of container group '${group}' are invalid. CPU '${cpu}' and memory ` +
        `'${memoryInGB}' GB must be greater than zero.`,
    );
  }
  if (!isMultipleOf(memoryInGB, 0.1)) {
    return invalidSpec(
      'MemoryRequirementNotTimesOfOneTenthGB',
      `The memory requirement is '${memoryInGB}' in container '${name}' of container group '${group}'. The memory requirement should ` +
        'be in incrememts of 0.1 GB.',
    );
  }
  if (resources?.requests?.gpu) {
    return invalidSpec(
      'GpuNotSupported',
      `The GPU request in container '${name}' of container group '${group}' is not supported: GPU resources were retired on 14 July 2025.`,
    );
  }
  return validateEnvironment(group, name, environmentVariables ?? []);
}

/** The specification requires no image here; that nothing can run without one, is our reading. */
function validateInitContainer(group: string, { name = '', properties }: InitContainerBody): ArmError | undefined {
  if (!properties?.image) return missingImage(group, name);
  return validateEnvironment(group, name, properties.environmentVariables ?? []);
}

function missingImage(group: string, container: string): ArmError {
  return invalidSpec(
    'MissingImage',
    `The image in container '${container}' of container group '${group}' is required.`,
  );
}

function validateEnvironment(
  group: string,
  container: string,
  variables: readonly EnvironmentVariableBody[],
): ArmError | undefined {
  if (variables.every(({ name }) => isEnvironmentName(name ?? ''))) return undefined;
  return invalidSpec(
    'InvalidContainerEnvironmentVariable',
    `The environment variable name in container '${container}' of container group '${group}' is invalid. A valid environment variable ` +
      "name must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or " +
      "'MY_NAME',  or 'MyName').",
  );
}

function isEnvironmentName(name: string): boolean {
  return name.length <= MAX_ENVIRONMENT_NAME_LENGTH && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function validateTotals(group: string, properties: GroupProperties): ArmError | undefined {
  const total = requestedResources(properties);
  if (total.cpu > MAX_CPU || total.memoryInGB > MAX_MEMORY_GB) {
    return invalidSpec(
      'InvalidContainerGroupResources',
      `The container group '${group}' requests '${total.cpu}' CPU and '${total.memoryInGB}' GB memory, more than the limits of ` +
        `'${MAX_CPU}' CPU and '${MAX_MEMORY_GB}' GB.`,
    );
  }
  return first(properties.containers ?? [], ({ name, properties: inner }) => {
    const { cpu, memoryInGB } = inner?.resources?.limits ?? {};
    const exceeded = cpu !== undefined && cpu > total.cpu ? (['Cpu', cpu, total.cpu] as const) : undefined;
    const [kind, limit, request] =
      exceeded ??
      (memoryInGB !== undefined && memoryInGB > total.memoryInGB
        ? (['Memory', memoryInGB, total.memoryInGB] as const)
        : ([undefined, 0, 0] as const));
    if (kind === undefined) return undefined;
    return invalidSpec(
      'ContainerLimitGreaterThanContainerGroupTotalRequest',
      `The '${kind}' limit '${limit}' in container '${name ?? ''}' is greater than the total request '${request}' of container group ` +
        `'${group}'.`,
    );
  });
}

function validateCredentials(group: string, properties: GroupProperties): ArmError | undefined {
  const credentials = properties.imageRegistryCredentials ?? [];
  if (credentials.length > (properties.containers ?? []).length) {
    return invalidSpec(
      'MoreImageRegistryCredentialsThanContainers',
      `The container group '${group}' has more 'imageRegistryCredentials' than containers.`,
    );
  }
  const invalid = credentials.find(({ server }) => !server || !/^[A-Za-z0-9.-]+$/.test(server));
  if (!invalid) return undefined;
  return invalidSpec(
    'InvalidImageRegistryServer',
    `The server '${invalid.server ?? ''}' in the 'imageRegistryCredentials' of container group '${group}' is invalid. It should be a ` +
      'valid host name without protocol.',
  );
}

function isMultipleOf(value: number, unit: number): boolean {
  return Math.abs(value / unit - Math.round(value / unit)) < 1e-6;
}

function first<T>(items: readonly T[], find: (item: T) => ArmError | undefined): ArmError | undefined {
  for (const item of items) {
    const error = find(item);
    if (error) return error;
  }
  return undefined;
}
