import {
  ContainerInstanceManagementClient,
  type ContainerGroup as ArmContainerGroup,
} from '@azure/arm-containerinstance';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { defined } from '../domain/defined.ts';
import type { Failed, Failure } from '../domain/failure.ts';
import type { GroupId } from '../domain/group/group-id.ts';
import { leavesNothing } from '../domain/group/left-nothing.ts';
import { ownershipOf, tagMissing } from '../domain/group/ownership.ts';
import { createArmComparison } from './arm-comparison.ts';
import { isAnswerTo, toArmFailure } from './arm-failure.ts';
import { incarnationOf, sharesContainers, toArmContainerGroup, toObservation } from './arm-model.ts';
import type { ContainerGroups, CreationResult } from './container-groups.ts';
import { expecting } from './expecting.ts';
import { createRedactor } from './redactor.ts';
import { toShownResource } from './shown-resource.ts';

interface ResponseObserver {
  onResponse: (response: PipelineResponse) => void;
}

/** Where ARM is and who calls it. */
export interface ArmOptions {
  credential: TokenCredential;
  subscriptionId: string;
  /** Default: the public cloud's. */
  endpoint?: string;
  /** The installation, as the tag `aci-owner` of its resources names it. */
  owner?: string;
}

/** ACI behind ARM, through the SDK. */
export function createArmContainerGroups({ credential, subscriptionId, endpoint, owner }: ArmOptions): ContainerGroups {
  const client = new ContainerInstanceManagementClient(credential, subscriptionId, {
    ...(endpoint === undefined ? {} : { endpoint, credentialScopes: `${endpoint}/.default` }),
    // A retry inside the SDK would hold an activity for as long as ARM's Retry-After says; the orchestrator waits instead.
    retryOptions: { maxRetries: 0 },
  });

  async function find({ resourceGroup, containerGroupName }: GroupId): Promise<ArmContainerGroup | undefined> {
    try {
      return await client.containerGroups.get(resourceGroup, containerGroupName);
    } catch (error) {
      const failure = toArmFailure(error);
      if (failure?.failure.code === 'notFound' || failure?.failure.code === 'resourceGroupNotFound') {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * A refusal speaks for the one request that it answers. Another for the same incarnation may have gone out before, by a run of the same activity
   * whose result was lost. One that was repeated after a crash comes a minute later at the least, when the look before its request has
   * told already; two that run at the same time may find nothing both, and then the taken one may be why the other was refused. This look shows it,
   * unless ARM does so only after a moment, or takes that request after this look.
   */
  async function lookAgain(group: GroupId & { incarnation: string }, refusal: Failed): Promise<CreationResult> {
    const seen = await expecting(async () => ({ ok: true, present: await find(group) }));
    if (!seen.ok) {
      return refusal;
    }
    const ownership = seen.present && ownershipOf(incarnationOf(seen.present), group.incarnation);
    if (ownership === 'ours') {
      return { ok: true };
    }
    return ownership === 'unmarked' ? refusal : { ...refusal, leftNothing: true };
  }

  return {
    ...createArmComparison(client, find, owner),

    create: async (group, spec) => {
      const redact = createRedactor(spec);
      return expecting<object, CreationResult>(async () => {
        const present = await find(group);
        if (present !== undefined) {
          return takenBy(present, group, spec);
        }
        try {
          await begin((options) =>
            client.containerGroups.beginCreateOrUpdate(
              group.resourceGroup,
              group.containerGroupName,
              toArmContainerGroup(spec, { ...group, ...defined({ owner }) }),
              options,
            ),
          );
        } catch (error) {
          const refusal = isAnswerTo('PUT', error) ? toArmFailure(error, redact) : undefined;
          if (refusal === undefined || !leavesNothing(refusal.failure)) {
            throw error;
          }
          return lookAgain(group, refusal);
        }
        return { ok: true };
      }, redact);
    },

    observe: (id) =>
      expecting(async () => {
        const present = await find(id);
        return { ok: true, observation: present === undefined ? { found: false } : toObservation(present) };
      }),

    show: (id) =>
      expecting(async () => {
        const present = await find(id);
        return { ok: true, resource: present === undefined ? undefined : toShownResource(present) };
      }),

    delete: (group) =>
      expecting<{ gone: boolean }>(async () => {
        const present = await find(group);
        const ownership = present && ownershipOf(incarnationOf(present), group.incarnation);
        if (present === undefined || ownership === 'others') {
          return { ok: true, gone: true };
        }
        if (ownership === 'unmarked') {
          return { ok: false, failure: tagMissing(group.incarnation) };
        }
        if (present.provisioningState === 'Deleting') {
          return { ok: true, gone: false };
        }
        if (group.onlyIfAbsent === true) {
          return { ok: false, failure: notGone(group) };
        }
        await begin((options) =>
          client.containerGroups.beginDelete(group.resourceGroup, group.containerGroupName, options),
        );
        return { ok: true, gone: (await find(group)) === undefined };
      }),

    logs: ({ resourceGroup, containerGroupName }, containerName, tail) =>
      expecting(async () => {
        const logs = await client.containers.listLogs(
          resourceGroup,
          containerGroupName,
          containerName,
          defined({ tail }),
        );
        return { ok: true, content: logs.content ?? '' };
      }),
  };
}

/**
 * Begins a long-running operation and drops its poller: ARM goes on without being asked. The SDK's begin methods send the
 * request and poll once before they return, so that an operation which fails at once throws there; once ARM has taken the
 * request that is no failure to begin, and the next look at the resource tells more than the SDK's bare error.
 */
async function begin(start: (options: ResponseObserver) => Promise<unknown>): Promise<void> {
  let isTaken = false;
  const onResponse = ({ request, status }: PipelineResponse): void => {
    isTaken ||= request.method !== 'GET' && status < 300;
  };
  try {
    await start({ onResponse });
  } catch (error) {
    if (!isTaken) {
      throw error;
    }
  }
}

/**
 * What a resource that is there already means for a creation. One without the tag may be the group's own: an earlier run of the same activity has
 * put it, and somebody replaced its tags since. Only one with other containers, whose names stay as they were put, is another owner's for certain.
 */
function takenBy(
  present: ArmContainerGroup,
  group: GroupId & { incarnation: string },
  spec: ArmContainerGroup,
): CreationResult {
  const ownership = ownershipOf(incarnationOf(present), group.incarnation);
  if (ownership === 'ours') {
    return { ok: true };
  }
  return ownership === 'unmarked' && sharesContainers(present, spec)
    ? { ok: false, failure: tagMissing(group.incarnation) }
    : nameInUse(group);
}

function notGone({ containerGroupName }: GroupId): Failure {
  const message = `Azure had said that ${containerGroupName} is gone, and has it after all. It is left alone: a reconciliation restores a group that ran, and ACIDelete deletes it.`;
  return { code: 'notGone', message };
}

function nameInUse({ containerGroupName }: GroupId): CreationResult {
  const message = `Azure has a container group ${containerGroupName} already, which is left alone. Choose another name or delete that one.`;
  return { ok: false, failure: { code: 'nameInUse', message }, leftNothing: true };
}
