import type { z } from 'zod';
import type { ContainerGroups } from '../aci/container-groups.ts';
import { logThrottling } from '../aci/log-throttling.ts';
import { containerGroupEntity } from '../contracts/container-group.ts';
import { findingSchema, type Finding, type inspectContainerGroups } from '../contracts/inspection.ts';
import { defined } from '../domain/defined.ts';
import type { Failed } from '../domain/failure.ts';
import type { ContainerGroup } from '../domain/group/container-group.ts';
import { groupKey, type GroupId } from '../domain/group/group-id.ts';
import { LOOKS_AT_ONCE } from '../domain/inspect/inspection-pace.ts';
import { isInspected, judge } from '../domain/inspect/judgement.ts';
import { toInstant } from '../domain/time.ts';
import type { ActivityHandler } from '../durable/activity.ts';
import type { DurableClient } from '../durable/durable-client.ts';
import { readLastLines, type LastLinesSettings } from './read-last-lines.ts';

/** Pages that may hold nobody to be looked at, such as the rows of deleted groups, before a turn ends all the same. */
const MAX_EMPTY_PAGES = 20;

/** Looks at the same time, as many as a reconciliation has for its second looks. */
const PARALLEL_LOOKS = 8;

/** What an inspection goes by, and how often there is one. */
export interface InspectionSettings extends LastLinesSettings {
  now: () => number;
  inspectIntervalMs: number;
}

type Output = z.infer<typeof inspectContainerGroups.output>;

/** What a look shows that is new, or why there was none. */
type Look = { ok: true; finding: Finding | undefined } | Failed;

/** Looks at each group of a page once. A refusal for the number of calls ends that: what is left is told, and asked for again later. */
export function inspectContainerGroupsActivity(
  containerGroups: Pick<ContainerGroups, 'inspect' | 'logs'>,
  settings: InspectionSettings,
): ActivityHandler<typeof inspectContainerGroups> {
  return async ({ only, continuationToken, lastLookAt, lastDurationMs = 0 }, tools) => {
    const page =
      only === undefined
        ? await readPage(tools.client, continuationToken)
        : { groups: await readOnly(tools.client, only), next: undefined };
    const looked = await lookAtAll(page.groups, async (group) => {
      const seen = logThrottling(await containerGroups.inspect(idOf(group)), group.containerGroupName, tools.log);
      if (!seen.ok) {
        return seen;
      }
      const { inspectIntervalMs, now } = settings;
      // What takes longer than the interval comes as often as it takes.
      const intervalMs = Math.max(inspectIntervalMs, lastDurationMs);
      const times = { at: toInstant(now()), intervalMs, ...defined({ lastLookAt }) };
      const judgement = seen.found && judge(group, seen.found, times);
      if (seen.found === undefined || judgement === undefined) {
        return { ok: true, finding: undefined };
      }
      const { ending } = judgement;
      const finding = { ...idOf(group), incarnation: group.incarnation, ...judgement };
      const lines =
        ending && (await readLastLines({ group, ending, seen: seen.found }, containerGroups, settings, tools));
      const container = ending && { ...ending.container, ...defined({ lastLines: lines }) };
      // What would not fit the contract would break the look at the whole page.
      return {
        ok: true,
        finding: findingSchema.parse({ ...finding, ...(ending && { ending: { ...ending, container } }) }),
      };
    });
    return { ...looked, inspectIntervalMs: settings.inspectIntervalMs, ...defined({ continuationToken: page.next }) };
  };
}

/** The next groups to be looked at, and where those after them are. */
async function readPage(
  client: DurableClient,
  from: string | undefined,
): Promise<{ groups: ContainerGroup[]; next: string | undefined }> {
  let next = from;
  let groups: ContainerGroup[] = [];
  for (let pages = 1; ; pages += 1) {
    const page = await client.query(containerGroupEntity, {
      limit: LOOKS_AT_ONCE,
      ...defined({ continuationToken: next }),
    });
    groups = page.entities.map(({ state }) => state).filter(isInspected);
    next = page.continuationToken;
    if (groups.length > 0 || next === undefined || pages === MAX_EMPTY_PAGES) {
      return { groups, next };
    }
  }
}

async function readOnly(client: DurableClient, keys: readonly string[]): Promise<ContainerGroup[]> {
  const stored = await Promise.all(keys.map(async (key) => client.readAny(containerGroupEntity, key)));
  return stored.flatMap((each) => (each?.is === 'known' && isInspected(each.state) ? [each.state] : []));
}

async function lookAtAll(
  groups: readonly ContainerGroup[],
  look: (group: ContainerGroup) => Promise<Look>,
): Promise<Pick<Output, 'inspectedCount' | 'findings' | 'failed' | 'refused'>> {
  const findings: Finding[] = [];
  const failed: Output['failed'] = [];
  let inspectedCount = 0;
  for (let index = 0; index < groups.length; index += PARALLEL_LOOKS) {
    const some = groups.slice(index, index + PARALLEL_LOOKS);
    const looks = await Promise.all(some.map(async (group) => ({ group, seen: await orBroken(look(group)) })));
    const refusals: (Failed & { key: string })[] = [];
    for (const { group, seen } of looks) {
      if (seen.ok) {
        inspectedCount += 1;
        findings.push(...(seen.finding === undefined ? [] : [seen.finding]));
      } else if (seen.failure.code === 'throttled') {
        refusals.push({ ...seen, key: groupKey(group) });
      } else {
        failed.push({ ...idOf(group), failure: seen.failure });
      }
    }
    const [refusal] = refusals;
    if (refusal !== undefined) {
      const keys = [...refusals.map(({ key }) => key), ...groups.slice(index + PARALLEL_LOOKS).map(groupKey)];
      const waits = refusals.map(({ retryAfterMs = 0 }) => retryAfterMs);
      return {
        inspectedCount,
        findings,
        failed,
        refused: { keys, failure: refusal.failure, retryAfterMs: Math.max(...waits) },
      };
    }
  }
  return { inspectedCount, findings, failed };
}

/** One that breaks keeps none of the others. */
async function orBroken(look: Promise<Look>): Promise<Look> {
  try {
    return await look;
  } catch (error) {
    const message = `The look broke: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown cause'}`;
    return { ok: false, failure: { code: 'internal', message } };
  }
}

function idOf({ resourceGroup, containerGroupName }: GroupId): GroupId {
  return { resourceGroup, containerGroupName };
}
