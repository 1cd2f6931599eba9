import { BAD_ARGUMENT, DurableHttpError, jsonResponse, readJsonBody, textResponse } from './durable-http.ts';
import type { DurableHttpResponse } from './durable-http.ts';
import type { HubClient } from '../hub-client.ts';
import { findInstanceIdProblem } from '../ids.ts';
import { isFinished } from '../instance.ts';
import type { Instance, InstanceStatus } from '../instance.ts';
import type { RouteContext } from './route-context.ts';
import { makeInstanceUrls } from './management-urls.ts';
import type { StartRequest } from '../work/start-instance.ts';
import { toStatusView } from './status-view.ts';

/** Starts an orchestration; without an id it gets a new one, without a body its input is null. */
export async function startOrchestrator(
  context: RouteContext,
  name: string,
  givenId?: string,
): Promise<DurableHttpResponse> {
  const { hub, request, query } = context;
  const input = request.body.length === 0 ? null : readJsonBody(request);
  const instanceId = givenId ?? hub.client.nextInstanceId();
  const problem = findInstanceIdProblem(instanceId);
  if (problem) throw new DurableHttpError(400, BAD_ARGUMENT, problem);
  return startAndAnswer(context, { instanceId, name, version: query.text('version'), input });
}

/** What answers a start whose id is taken by an instance of the given status. */
type ConflictError = (status: InstanceStatus) => DurableHttpError;

function refuseTakenId(status: InstanceStatus): DurableHttpError {
  return new DurableHttpError(409, `An Orchestration instance with the status ${status} already exists.`);
}

/** Starts, and answers 202 with the management URLs; with `timeout` and `pollingInterval` (seconds) it waits for the end first. */
export async function startAndAnswer(
  context: RouteContext,
  start: Omit<StartRequest, 'parent'>,
  conflictError: ConflictError = refuseTakenId,
): Promise<DurableHttpResponse> {
  const { hub, request, query } = context;
  const outcome = await hub.client.start(start);
  if (outcome.kind === 'conflict') throw conflictError(outcome.status);
  const timeoutSeconds = query.number('timeout');
  const intervalSeconds = query.number('pollingInterval');
  if (timeoutSeconds !== undefined && intervalSeconds !== undefined) {
    const finished = await waitUntilFinished(hub.client, start.instanceId, timeoutSeconds, intervalSeconds);
    if (finished) return toFinishedResponse(finished);
  }
  const place = { hubName: hub.name, origin: request.origin, systemKey: request.systemKey };
  const urls = makeInstanceUrls(place, encodeURIComponent(start.instanceId));
  const headers = { Location: urls.statusQueryGetUri, 'Retry-After': '10' };
  return jsonResponse(202, { id: start.instanceId, ...urls }, headers);
}

async function waitUntilFinished(
  client: HubClient,
  instanceId: string,
  timeoutSeconds: number,
  intervalSeconds: number,
): Promise<Instance | undefined> {
  if (intervalSeconds > timeoutSeconds) {
    const problem = `Total timeout ${timeoutSeconds} should be bigger than retry timeout ${intervalSeconds}`;
    throw new DurableHttpError(400, problem);
  }
  const deadlineMs = client.nowMs() + timeoutSeconds * 1000;
  for (;;) {
    const instance = client.findInstance(instanceId);
    if (instance && isFinished(instance.status)) return instance;
    const leftMs = deadlineMs - client.nowMs();
    if (leftMs <= 0) return undefined;
    await client.wait(Math.min(leftMs, intervalSeconds * 1000));
  }
}

function toFinishedResponse(instance: Instance): DurableHttpResponse {
  if (instance.status === 'Completed') return textResponse(200, instance.output ?? 'null');
  return jsonResponse(200, toStatusView(instance, { showsInput: true }));
}
