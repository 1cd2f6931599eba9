import { app, type HttpMethod, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { durableApiOf, durableClientInput } from '../../durable/client.ts';
import { toApiRequest, type ApiRequest } from './api-request.ts';
import { Problem, problemResponse } from './problem.ts';

/** One HTTP function: its name, the methods it takes, and what it answers. */
export interface HttpFunction {
  name: string;
  methods: HttpMethod[];
  /** Default: the name. */
  route?: string;
  /** Default: function. */
  authLevel?: 'anonymous' | 'function';
  handle: (request: ApiRequest) => Promise<HttpResponseInit>;
}

/** Registers a function of the API; a `Problem` it throws is its answer, anything else a 500 that says nothing of it. */
export function registerHttp({ name, methods, route, authLevel = 'function', handle }: HttpFunction): void {
  app.http(name, {
    methods,
    authLevel,
    extraInputs: [durableClientInput],
    ...(route === undefined ? {} : { route }),
    handler: async (request, context) => {
      try {
        return await handle(toApiRequest(request, durableApiOf(context), context.invocationId));
      } catch (error) {
        return error instanceof Problem ? problemResponse(error.failure, error.extensions) : unexpected(error, context);
      }
    },
  });
}

function unexpected(error: unknown, context: InvocationContext): HttpResponseInit {
  context.error(error);
  const message = `Something went wrong on our side. The log has it under the invocation ${context.invocationId}.`;
  return problemResponse({ code: 'internal', message });
}
