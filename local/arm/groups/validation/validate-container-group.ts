import {
  invalidSpec,
  priorityNotSpecified,
  spotNotSupportedForInboundConnectivity,
  spotNotSupportedInSku,
} from '../../wire/aci-errors.ts';
import type { ArmError } from '../../wire/arm-reply.ts';
import type { GroupProperties } from '../../wire/container-group-body.ts';
import { isValidName } from '../../wire/container-name.ts';
import { validateContainers } from './validate-containers.ts';
import { validateNetwork } from './validate-network.ts';
import { validateVolumes } from './validate-volumes.ts';

/** Finds what is wrong with a group that is to be created, with ACI's own code and text where they are known; nothing when it is good. */
export function validateContainerGroup(name: string, properties: GroupProperties): ArmError | undefined {
  return (
    validateName(name) ??
    validateChoices(name, properties) ??
    validateSpot(properties) ??
    validateContainers(name, properties) ??
    validateNetwork(name, properties) ??
    validateVolumes(name, properties)
  );
}

function validateName(name: string): ArmError | undefined {
  if (isValidName(name)) return undefined;
  return invalidSpec(
    'InvalidContainerGroupName',
    `The container group name '${name}' is invalid. It can contain only lowercase letters, numbers and hyphens, must begin and end ` +
      'with a letter or number, and must be between 1 and 63 characters long.',
  );
}

function validateChoices(name: string, properties: GroupProperties): ArmError | undefined {
  const { osType, restartPolicy = 'Always', sku = 'Standard', priority = 'Regular' } = properties;
  const isPriority = priority === 'Regular' || priority === 'Spot';
  return (
    // The service says '<null>' for the group here, whatever its name is (MicrosoftLearning/mslearn-azure-developer 67).
    validateChoice('osType', '<null>', osType, ['Windows', 'Linux']) ??
    validateChoice('restartPolicy', name, restartPolicy, ['Always', 'OnFailure', 'Never']) ??
    validateChoice('sku', name, sku, ['Standard', 'Dedicated', 'Confidential']) ??
    (isPriority ? undefined : priorityNotSpecified(name))
  );
}

/** What is in a virtual network, or has an address in it or on the internet, is reached from outside. */
function validateSpot({
  priority,
  sku = 'Standard',
  ipAddress,
  subnetIds = [],
}: GroupProperties): ArmError | undefined {
  if (priority !== 'Spot') return undefined;
  if (ipAddress || subnetIds.length > 0) return spotNotSupportedForInboundConnectivity();
  return sku === 'Standard' ? undefined : spotNotSupportedInSku(sku);
}

function validateChoice(
  field: string,
  group: string,
  value: string | undefined,
  allowed: readonly string[],
): ArmError | undefined {
  if (value !== undefined && allowed.includes(value)) return undefined;
  return invalidSpec(
    `Invalid${field.charAt(0).toUpperCase()}${field.slice(1)}`,
    `The '${field}' for container group '${group}' is invalid. The value must be one of '${allowed.join(',')}'.`,
  );
}
