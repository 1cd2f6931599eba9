import type { ContainerGroups } from '../../../src/aci/container-groups.ts';
import type { Failed } from '../../../src/domain/failure.ts';
import type { Observation } from '../../../src/domain/group/observation.ts';

/** ACI without Azure: resources by name, in the words of the port. */
export interface FakeContainerGroups extends ContainerGroups {
  readonly resources: Map<string, Observation>;
  /** What was asked for, oldest first: `create game-1 first`. */
  readonly calls: string[];
  /** The next call of any kind fails with this, as ARM would. */
  failNext(failure: Failed): void;
}

/** A subscription without resources. */
export function createFakeContainerGroups(): FakeContainerGroups {
  const resources = new Map<string, Observation>();
  const calls: string[] = [];
  let failure: Failed | undefined;

  function enter<T>(call: string, answer: () => T): T | Failed {
    calls.push(call);
    const refused = failure;
    failure = undefined;
    return refused ?? answer();
  }

  return {
    resources,
    calls,
    failNext(next) {
      failure = next;
    },
    create: async ({ containerGroupName, incarnation }) =>
      enter(`create ${containerGroupName} ${incarnation}`, () => {
        resources.set(containerGroupName, {
          found: true,
          incarnation,
          provisioningState: 'Pending',
          endpoint: { ports: [] },
          wantsPublicIP: false,
          containers: [],
          events: [],
        });
        return { ok: true };
      }),
    observe: async ({ containerGroupName }) =>
      enter(`observe ${containerGroupName}`, () => ({
        ok: true,
        observation: resources.get(containerGroupName) ?? { found: false },
      })),
    list: async (resourceGroup) => enter(`list ${resourceGroup}`, () => ({ ok: true, resources: [] })),
    examine: async ({ containerGroupName }) =>
      enter(`examine ${containerGroupName}`, () => ({ ok: true, found: undefined })),
    inspect: async ({ containerGroupName }) =>
      enter(`inspect ${containerGroupName}`, () => ({ ok: true, found: undefined })),
    tag: async ({ containerGroupName, incarnation }) =>
      enter(`tag ${containerGroupName} ${incarnation}`, () => ({
        ok: true,
        tagged: resources.has(containerGroupName),
      })),
    show: async ({ containerGroupName }) =>
      enter(`show ${containerGroupName}`, () => ({ ok: true, resource: undefined })),
    delete: async ({ containerGroupName, incarnation }) =>
      enter(`delete ${containerGroupName} ${incarnation}`, () => {
        const gone = !resources.delete(containerGroupName);
        return { ok: true, gone };
      }),
    logs: async (_id, containerName) => enter(`logs ${containerName}`, () => ({ ok: true, content: '' })),
  };
}
