import type { ResourceAction } from '../events/event-grid-event.ts';

/** A request that found its route. */
export interface ArmRequest {
  method: string;
  url: URL;
  /** The variable parts of the path, in the case in which they came. */
  parameters: Readonly<Record<string, string>>;
  body: string;
  /** The id of this request, and of the operation that it begins. */
  requestId: string;
  correlationId: string;
  /** Empty when the client sent none. */
  clientRequestId: string;
  /** It comes from the emulator itself, in place of somebody in the subscription who is not its client. */
  isBySomebodyElse?: true;
}

/** Reads a variable part of the path; the route has it, or the route table is wrong. */
export function parameterOf(request: ArmRequest, name: string): string {
  const value = request.parameters[name];
  if (value === undefined) {
    throw new Error(`The route of ${request.method} ${request.url.pathname} has no parameter ${name}.`);
  }
  return value;
}

/** Where what becomes of the group of a request is in the random numbers. */
export function planKeyOf(request: ArmRequest): string {
  return `${request.requestId} ${parameterOf(request, 'name')}`;
}

/** Describes what a request does, for the event about it. A create does not name its HTTP request, as in Azure. */
export function actionOf(
  request: ArmRequest,
  operationName: ResourceAction['operationName'],
  { isCreate = false }: { isCreate?: boolean } = {},
): ResourceAction {
  const by: Pick<ResourceAction, 'isBySomebodyElse'> = request.isBySomebodyElse ? { isBySomebodyElse: true } : {};
  if (isCreate) return { operationName, correlationId: request.correlationId, ...by };
  return {
    operationName,
    correlationId: request.correlationId,
    ...by,
    httpRequest: {
      clientRequestId: request.clientRequestId,
      clientIpAddress: '127.0.0.1',
      method: request.method,
      url: request.url.href,
    },
  };
}
