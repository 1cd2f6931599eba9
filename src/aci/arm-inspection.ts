import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { hideAddressCredentials } from '../domain/address-credentials.ts';
import { defined } from '../domain/defined.ts';
import type { InspectedContainer, InspectedResource, RunEnd } from '../domain/inspect/inspected-resource.ts';
import { REPORT_URL_VARIABLE } from '../domain/spec/injected-environment.ts';
import { toInstant } from '../domain/time.ts';
import { incarnationOf } from './arm-model.ts';

type ArmContainer = ArmContainerGroup['containers'][number];
type ArmState = NonNullable<NonNullable<ArmContainer['instanceView']>['currentState']>;

/** A word as a rule, and what the container runtime says where it could not begin. */
const MAX_REASON_CHARACTERS = 200;

/** What of a resource an inspection goes by. */
export function toInspectedResource(group: ArmContainerGroup): InspectedResource {
  return {
    ...defined({ incarnation: incarnationOf(group), groupState: group.instanceView?.state }),
    provisioningState: group.provisioningState ?? 'NotSpecified',
    // The default (https://learn.microsoft.com/azure/container-instances/container-instances-restart-policy).
    restartPolicy: group.restartPolicy ?? 'Always',
    containers: group.containers.map(toInspectedContainer),
    hasOwnSecrets: hasOwnSecrets(group),
  };
}

function toInspectedContainer({ name, instanceView }: ArmContainer): InspectedContainer {
  const { currentState, previousState, restartCount } = instanceView ?? {};
  const ended = [currentState, previousState].find((state) => state?.state === 'Terminated');
  const { state, detailStatus, startTime } = currentState ?? {};
  return {
    name,
    // ARM may answer null for what it does not know, which the types of the SDK leave out.
    ...defined({
      state: state ?? undefined,
      detailStatus: detailStatus ? hideAddressCredentials(detailStatus) : undefined,
      runningSince: state === 'Running' && startTime ? toInstant(startTime.getTime()) : undefined,
      lastEnd: ended && toRunEnd(ended),
      restartCount: restartCount ?? undefined,
    }),
  };
}

function toRunEnd({ exitCode, detailStatus }: ArmState): RunEnd {
  const reason = hideAddressCredentials(detailStatus ?? '').slice(0, MAX_REASON_CHARACTERS);
  return { ...defined({ exitCode: exitCode ?? undefined }), ...(reason !== '' && { reason }) };
}

/** Of a variable with a secret value ARM shows the name alone, and of a secret volume the names of its files at the most. */
function hasOwnSecrets({ containers, initContainers = [], volumes = [] }: ArmContainerGroup): boolean {
  const variables = [...containers, ...initContainers].flatMap((each) => each.environmentVariables ?? []);
  const isSecret = variables.some(
    ({ name, value }) => (value ?? undefined) === undefined && name !== REPORT_URL_VARIABLE,
  );
  return isSecret || volumes.some(({ secret, gitRepo }) => secret !== undefined || gitRepo !== undefined);
}
