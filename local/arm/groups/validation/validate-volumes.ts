import { invalidSpec } from '../../wire/aci-errors.ts';
import type { ArmError } from '../../wire/arm-reply.ts';
import type { GroupProperties, VolumeBody, VolumeMountBody } from '../../wire/container-group-body.ts';

/** learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits */
const MAX_VOLUMES = 20;

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerinstance */
const VOLUME_NAME = /^(?=.{5,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** Finds what is wrong with the volumes of a group and where they are mounted. */
export function validateVolumes(group: string, properties: GroupProperties): ArmError | undefined {
  const volumes = properties.volumes ?? [];
  if (volumes.length > MAX_VOLUMES) {
    return invalidSpec(
      'TooManyVolumes',
      `The container group '${group}' has '${volumes.length}' volumes, more than the limit of '${MAX_VOLUMES}'.`,
    );
  }
  const names = new Set<string>();
  for (const volume of volumes) {
    const error = validateVolume(group, volume, names);
    if (error) return error;
  }
  return validateMounts(group, properties, names);
}

function validateVolume(group: string, volume: VolumeBody, names: Set<string>): ArmError | undefined {
  const name = volume.name ?? '<null>';
  if (!VOLUME_NAME.test(name)) {
    return invalidSpec(
      'InvalidVolumeName',
      `The volume name '${name}' in container group '${group}' is invalid. It can contain only lowercase letters, numbers and single ` +
        'hyphens, and must be between 5 and 63 characters long.',
    );
  }
  if (names.has(name)) {
    return invalidSpec('DuplicateVolumeName', `The volume name '${name}' in container group '${group}' is not unique.`);
  }
  names.add(name);
  const kinds = [volume.azureFile, volume.emptyDir, volume.secret, volume.gitRepo].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) {
    return invalidSpec(
      'InvalidVolume',
      `The volume '${name}' in container group '${group}' must have exactly one of 'azureFile', 'emptyDir', 'secret' and 'gitRepo'.`,
    );
  }
  if (volume.azureFile && !(volume.azureFile.shareName && volume.azureFile.storageAccountName)) {
    return invalidSpec(
      'InvalidVolume',
      `The volume '${name}' in container group '${group}' needs 'shareName' and 'storageAccountName' in its 'azureFile'.`,
    );
  }
  if (volume.gitRepo && !volume.gitRepo.repository) {
    return invalidSpec(
      'InvalidVolume',
      `The volume '${name}' in container group '${group}' needs a 'repository' in its 'gitRepo'.`,
    );
  }
  return undefined;
}

function validateMounts(group: string, properties: GroupProperties, names: ReadonlySet<string>): ArmError | undefined {
  for (const container of [...(properties.containers ?? []), ...(properties.initContainers ?? [])]) {
    for (const mount of container.properties?.volumeMounts ?? []) {
      const error = validateMount(group, container.name ?? '', mount, names);
      if (error) return error;
    }
  }
  return undefined;
}

function validateMount(
  group: string,
  container: string,
  mount: VolumeMountBody,
  names: ReadonlySet<string>,
): ArmError | undefined {
  if (mount.name === undefined || !names.has(mount.name)) {
    return invalidSpec(
      'VolumeMountNotFound',
      `The volume '${mount.name ?? '<null>'}' mounted in container '${container}' of container group '${group}' does not exist.`,
    );
  }
  if (!mount.mountPath || mount.mountPath.includes(':')) {
    return invalidSpec(
      'InvalidVolumeMountPath',
      `The mount path '${mount.mountPath ?? '<null>'}' in container '${container}' of container group '${group}' is invalid. It is ` +
        "required and must not contain ':'.",
    );
  }
  return undefined;
}
