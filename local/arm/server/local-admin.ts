import type { AciProvider } from '../aci-provider.ts';
import { resourceNotFound } from '../wire/arm-errors.ts';
import { type ArmReply, errorReply } from '../wire/arm-reply.ts';

/**
 * Answers what Azure has not: `GET /admin/local/environment/{resourceGroup}/{containerGroupName}` shows what the containers are given
 * as their environment, secure values too. Undefined for any other path. Whoever asks has shown a token for Resource Manager.
 */
export function answerLocalAdmin(
  provider: AciProvider,
  method: string,
  segments: readonly string[],
): ArmReply | undefined {
  const [admin, local, part, resourceGroup, name, ...rest] = segments;
  if (method !== 'GET' || admin !== 'admin' || local !== 'local' || part !== 'environment') return undefined;
  if (resourceGroup === undefined || name === undefined || rest.length > 0) return undefined;
  const group = provider.groups.find(resourceGroup, name);
  if (!group) return errorReply(resourceNotFound(resourceGroup, name));
  const environments =
    group.sealedEnvironments === undefined ? undefined : provider.environments.open(group.sealedEnvironments);
  if (environments) return { status: 200, body: environments };
  return errorReply({
    status: 404,
    code: 'EnvironmentNotKept',
    message:
      `The environment of container group '${group.name}' is not known here: the group was created by an older version, or ` +
      'identity.key in the data directory is another one by now. Create the group anew.',
  });
}
