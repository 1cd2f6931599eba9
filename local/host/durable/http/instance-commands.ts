import { DurableHttpError, SOMETHING_WENT_WRONG, emptyResponse, jsonResponse, readJsonBody } from './durable-http.ts';
import type { DurableHttpResponse } from './durable-http.ts';
import type { SendOutcome } from '../hub-client.ts';
import { isFinished } from '../instance.ts';
import type { InstanceStatus } from '../instance.ts';
import type { RouteContext } from './route-context.ts';
import { startAndAnswer } from './start-routes.ts';

/** Sends an external event; the body must be JSON. */
export async function raiseEvent(
  { hub, request }: RouteContext,
  instanceId: string,
  eventName: string,
): Promise<DurableHttpResponse> {
  const instance = hub.client.findInstance(instanceId);
  if (!instance) return emptyResponse(404);
  if (isFinished(instance.status)) return emptyResponse(410);
  if (!(request.headers['content-type'] ?? '').toLowerCase().includes('application/json')) {
    throw new DurableHttpError(400, 'Only application/json request content is supported');
  }
  return toResponse(await hub.client.raiseEvent(instanceId, eventName, readJsonBody(request)));
}

/** Ends an instance without asking its orchestrator. */
export async function terminate(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  return toResponse(await context.hub.client.terminate(instanceId, readReason(context)));
}

/** Keeps an instance from processing what arrives; one that is suspended already is refused. */
export async function suspend(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  refuseStatus(context, instanceId, 'suspend', (status) => status === 'Suspended');
  return toResponse(await context.hub.client.suspend(instanceId, readReason(context)));
}

/** Lets a suspended instance go on; one that is not seen to be suspended yet is refused. */
export async function resume(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  refuseStatus(context, instanceId, 'resume', (status) => status !== 'Suspended');
  return toResponse(await context.hub.client.resume(instanceId, readReason(context)));
}

/** As the extension words it (DurableClient.cs, SuspendAsync and ResumeAsync). */
function refuseStatus(
  { hub }: RouteContext,
  instanceId: string,
  command: string,
  isRefused: (status: InstanceStatus) => boolean,
): void {
  const status = hub.client.findInstance(instanceId)?.status;
  if (!status || isFinished(status) || !isRefused(status)) return;
  const problem = `Cannot ${command} the orchestration instance ${instanceId} because instance is in the ${status} state.`;
  throw new DurableHttpError(500, SOMETHING_WENT_WRONG, problem);
}

/** Runs again what failed in a failed instance (HttpApiHandler.cs, HandleRewindInstanceRequestAsync; the dollar sign is its own). */
export async function rewind(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  const { client } = context.hub;
  const status = client.findInstance(instanceId)?.status ?? (client.findEntity(instanceId) && 'Running');
  if (!status) return jsonResponse(404, `No orchestration with instance ID "$${instanceId}" found.`);
  if (status !== 'Failed') {
    const problem = `This orchestration has status ${status}, but only orchestrations in the "Failed" state can be rewound.`;
    return jsonResponse(412, problem);
  }
  await client.rewind(instanceId, readReason(context));
  return emptyResponse(202);
}

/**
 * Starts an instance anew with its name and input, under a new id unless `restartWithNewInstanceId=false` (HttpApiHandler.cs,
 * HandleRestartInstanceRequestAsync).
 */
export async function restart(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  const { client } = context.hub;
  const instance = client.findInstance(instanceId);
  if (!instance) throw unknownInstance(`An orchestrastion with the instanceId ${instanceId} was not found.`);
  const { name, input } = instance;
  if (!client.hasOrchestrator(name)) {
    throw unknownInstance(`The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`);
  }
  const isNewId = context.query.flag('restartWithNewInstanceId', true);
  const start = { instanceId: isNewId ? client.nextInstanceId() : instanceId, name, input };
  return startAndAnswer(context, start, (status) => {
    const problem = `An Orchestration instance with the status ${status} already exists.`;
    return new DurableHttpError(409, 'A non-terminal instance with this instance ID already exists.', problem);
  });
}

function unknownInstance(problem: string): DurableHttpError {
  return new DurableHttpError(400, 'InstanceId does not match a valid orchestration instance.', problem);
}

function readReason({ query }: RouteContext): string {
  return query.text('reason') ?? '';
}

function toResponse(outcome: SendOutcome): DurableHttpResponse {
  switch (outcome) {
    case 'accepted':
      return emptyResponse(202);
    case 'notFound':
      return emptyResponse(404);
    case 'finished':
      return emptyResponse(410);
  }
}
