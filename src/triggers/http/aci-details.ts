import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { ContainerGroups } from '../../aci/container-groups.ts';
import type { StoredState } from '../../durable/durable-client.ts';
import { containerGroupEntity } from '../../contracts/container-group.ts';
import { detailsRequestSchema } from '../../contracts/http-api.ts';
import { defined } from '../../domain/defined.ts';
import { checkLabel } from '../../domain/spec/azure-names.ts';
import type { ContainerGroup, SessionReportMark } from '../../domain/group/container-group.ts';
import { groupKey, type GroupId } from '../../domain/group/group-id.ts';
import { toListItem, type ListItem } from '../../domain/group/list-item.ts';
import { toNewerItem, type NewerItem } from '../../domain/group/newer-group.ts';
import { parseRequest, requireValidId } from './api-request.ts';
import { Problem, problemResponse, violationProblem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

type ShownItem = NewerItem | (ListItem & Pick<ContainerGroup, 'timeline'>);

type DetailsRequest = z.infer<typeof detailsRequestSchema>;

/** ACIDetails: what the entity knows and what ARM shows, the timeline alone, or a container's log. */
export function aciDetails(containerGroups: ContainerGroups): HttpFunction {
  return {
    name: 'ACIDetails',
    methods: ['GET', 'POST'],
    handle: async (request) => {
      const asked = parseRequest(detailsRequestSchema, request.method === 'GET' ? request.query : await request.json());
      requireValidId(asked);
      requireValidContainer(asked);
      const found = await request.client.readAny(containerGroupEntity, groupKey(asked));
      if (found === undefined) {
        throw new Problem({ code: 'unknownGroup', message: 'There is no such container group.' });
      }
      if (asked.type === 'logs') {
        return logs(containerGroups, asked);
      }
      const { item, more } = ofEntity(groupKey(asked), found);
      return {
        jsonBody: asked.type === 'timeline' ? item : { ...item, ...(await ofArm(containerGroups, item)), ...more },
      };
    },
  };
}

/** The name becomes a segment of ARM's URL, where `..` would lead to another resource. */
function requireValidContainer({ containerName }: DetailsRequest): void {
  const violations = containerName === undefined ? [] : checkLabel('containerName', containerName, { min: 1, max: 63 });
  if (violations.length > 0) {
    throw violationProblem(violations, 'invalidRequest');
  }
}

/** What is shown with a timeline, and what else there is to be shown. */
function ofEntity(key: string, found: StoredState<ContainerGroup>): { item: ShownItem; more: object } {
  if (found.is === 'newer') {
    return { item: toNewerItem(key, found.stored), more: {} };
  }
  const { timeline, lastReport } = found.state;
  return {
    item: { ...toListItem(found.state), timeline },
    more: defined({ lastReport: lastReport && toShownReport(lastReport) }),
  };
}

/** A report without what only orders it among others. */
function toShownReport({ receipts: _receipts, otherStream, ...shown }: SessionReportMark): object {
  return { ...shown, ...defined({ otherStream: otherStream && toShownReport(otherStream) }) };
}

/** ARM may be out of reach when an operator looks; what the entity knows is shown all the same. */
async function ofArm(containerGroups: ContainerGroups, id: GroupId): Promise<object> {
  const shown = await containerGroups.show(id);
  return shown.ok ? { containerGroup: shown.resource ?? null } : { containerGroup: null, armFailure: shown.failure };
}

async function logs(containerGroups: ContainerGroups, asked: DetailsRequest): Promise<HttpResponseInit> {
  const containerName = asked.containerName ?? (await onlyContainer(containerGroups, asked));
  const result = await containerGroups.logs(asked, containerName, asked.tail);
  if (result.ok) {
    return { jsonBody: { containerName, content: result.content } };
  }
  return problemResponse(result.failure);
}

async function onlyContainer(containerGroups: ContainerGroups, asked: DetailsRequest): Promise<string> {
  const seen = await containerGroups.observe(asked);
  const names = seen.ok && seen.observation.found ? seen.observation.containers.map(({ name }) => name) : [];
  const [only, ...others] = names;
  if (only === undefined || others.length > 0) {
    const expected = names.length === 0 ? 'the name of a container' : `one of ${names.join(', ')}`;
    throw new Problem(
      { code: 'invalidRequest', message: `containerName: expected ${expected}.` },
      { field: 'containerName', expected },
    );
  }
  return only;
}
