import type { ContainerGroups } from '../aci/container-groups.ts';
import { provisionContainerGroup } from '../contracts/provisioning.ts';
import type { ContainerGroup } from '../domain/group/container-group.ts';
import { groupKey, provisionInstanceId } from '../domain/group/group-id.ts';
import type { Ending } from '../domain/inspect/ending.ts';
import type { InspectedResource } from '../domain/inspect/inspected-resource.ts';
import { lastLinesOf } from '../domain/inspect/last-lines.ts';
import type { ContainerGroupSpec } from '../domain/spec/container-group-spec.ts';
import type { ActivityTools } from '../durable/activity.ts';
import type { UnsealSpec } from './create-container-group.ts';

/** More than are kept: a secret of several lines is found only whole. */
const LINES_READ = 100;

/** How many lines are kept, and what it takes to take secrets out of them. */
export interface LastLinesSettings {
  lastLines: number;
  unsealSpec: UnsealSpec;
  /** Takes the secrets of a spec out of a text, in every form that they may have there, and the tokens of its containers. */
  redactorOf(spec: ContainerGroupSpec | undefined, group: ContainerGroup): (text: string) => string;
}

/**
 * The last lines of a container that has ended; undefined where there are none to be had. What a server writes may hold what it was given, so that they
 * are left out as well when the secrets of its spec are known to nobody by now, and when the setting says so.
 */
export async function readLastLines(
  { group, ending, seen }: { group: ContainerGroup; ending: Ending; seen: InspectedResource },
  containerGroups: Pick<ContainerGroups, 'logs'>,
  { lastLines, unsealSpec, redactorOf }: LastLinesSettings,
  { client }: Pick<ActivityTools, 'client'>,
): Promise<string[] | undefined> {
  if (lastLines === 0) {
    return undefined;
  }
  const key = groupKey(group);
  const provisioning = await client.statusWithInput(provisionContainerGroup, provisionInstanceId(key));
  const sealed = provisioning?.input?.incarnation === group.incarnation ? provisioning.input.spec : undefined;
  const unsealed = sealed && unsealSpec(sealed, key);
  if (unsealed?.ok !== true && seen.hasOwnSecrets) {
    return undefined;
  }
  const logs = await containerGroups.logs(group, ending.container.containerName, LINES_READ);
  return logs.ok
    ? lastLinesOf(logs.content, lastLines, redactorOf(unsealed?.ok === true ? unsealed.spec : undefined, group))
    : undefined;
}
