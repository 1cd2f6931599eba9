import { BAD_ARGUMENT, DurableHttpError, SOMETHING_WENT_WRONG, emptyResponse, readJsonBody } from './durable-http.ts';
import type { DurableHttpResponse } from './durable-http.ts';
import type { SendOutcome } from '../hub-client.ts';
import { isFinished } from '../instance.ts';
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

/** Keeps an instance from processing what arrives. */
export async function suspend(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  return toResponse(await context.hub.client.suspend(instanceId, readReason(context)));
}

/** Lets a suspended instance go on. */
export async function resume(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  return toResponse(await context.hub.client.resume(instanceId, readReason(context)));
}

/** Answers 501: rewinding is not built. */
export function rewind({ hub }: RouteContext, instanceId: string): DurableHttpResponse {
  if (!hub.client.findInstance(instanceId)) return emptyResponse(404);
  throw new DurableHttpError(501, 'Rewinding an orchestration is not built in the local host.');
}

/** Starts an instance anew with its name and input, under a new id unless `restartWithNewInstanceId=false`. */
export async function restart(context: RouteContext, instanceId: string): Promise<DurableHttpResponse> {
  const { client } = context.hub;
  const instance = client.findInstance(instanceId);
  if (!instance) {
    throw new DurableHttpError(400, 'InstanceId does not match a valid orchestration instance.');
  }
  const { name, input } = instance;
  if (!client.hasOrchestrator(name)) {
    throw new DurableHttpError(
      400,
      BAD_ARGUMENT,
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`,
    );
  }
  const isNewId = context.query.flag('restartWithNewInstanceId', true);
  return startAndAnswer(context, { instanceId: isNewId ? client.nextInstanceId() : instanceId, name, input });
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
    case 'alreadySuspended':
      throw new DurableHttpError(500, SOMETHING_WENT_WRONG, 'The orchestration is suspended already.');
    case 'notSuspended':
      throw new DurableHttpError(500, SOMETHING_WENT_WRONG, 'The orchestration is not suspended.');
  }
}
