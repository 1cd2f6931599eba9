import { app, type HttpMethod, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { NewerStateError } from '../../durable/newer-state-error.ts';
import { newerState } from '../../domain/group/newer-group.ts';
import { durableClientOf, durableClientInput } from '../../durable/create-durable-client.ts';
import type { Gate } from '../../security/gate.ts';
import type { policy } from '../../security/policy.ts';
import { toApiRequest, type ApiRequest } from './api-request.ts';
import { Problem, problemResponse } from './problem.ts';
import { defined } from '../../domain/defined.ts';

/** One HTTP function: its name, the methods it takes, and what it answers. */
export interface HttpFunction {
  /** One that the policy table has. */
  name: keyof typeof policy;
  methods: HttpMethod[];
  /** Default: the name. */
  route?: string;
  handle: (request: ApiRequest) => Promise<HttpResponseInit>;
}

/** Registers a function of the API; a `Problem` it throws is its answer, anything else a 500 that says nothing of it. */
export function registerHttp(
  { name, methods, route, handle }: HttpFunction,
  { authLevel, admit, callerOf }: Gate,
): void {
  app.http(name, {
    methods,
    authLevel,
    extraInputs: [durableClientInput],
    ...defined({ route }),
    handler: async (request, context) => {
      const header = (each: string): string | null => request.headers.get(each);
      try {
        requireAdmission(admit(header));
        const cause = causeOf(context, callerOf(header));
        return secured(await handle(toApiRequest(request, durableClientOf(context), cause)), context);
      } catch (error) {
        return secured(answerTo(error, context), context);
      }
    },
  });
}

/**
 * Registers `health` alone, for an app whose settings are bad: it says which and what they should be. It has no durable client, so that the
 * host starts nothing durable.
 */
export function registerUnfit(settings: readonly string[]): void {
  app.http('health', {
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: (_request, context) => secured({ status: 503, jsonBody: { status: 'badSettings', settings } }, context),
  });
}

function causeOf({ invocationId }: InvocationContext, caller: string | undefined): string {
  return caller === undefined ? `request ${invocationId}` : `request ${invocationId} by ${caller}`;
}

function answerTo(error: unknown, context: InvocationContext): HttpResponseInit {
  if (error instanceof NewerStateError) {
    return problemResponse(newerState(error.key));
  }
  return error instanceof Problem ? answerOf(error) : unexpected(error, context);
}

function answerOf({ failure, extensions, headers }: Problem): HttpResponseInit {
  return withHeaders(problemResponse(failure, extensions), headers);
}

function requireAdmission(admission: ReturnType<Gate['admit']>): void {
  switch (admission) {
    case 'admitted':
      return;
    case 'unknownCaller':
      throw new Problem({
        code: 'notAuthenticated',
        message: 'Sign in with Microsoft Entra ID to call this function.',
      });
    case 'notAllowed':
      throw new Problem({ code: 'notAllowed', message: 'None of your app roles may call this function.' });
  }
}

/** No answer is to be kept by a cache, or taken by a browser for anything but what it says it is; each says which request it answers. */
function secured(response: HttpResponseInit, { invocationId }: InvocationContext): HttpResponseInit {
  return withHeaders(response, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': invocationId,
  });
}

function withHeaders(response: HttpResponseInit, added: Readonly<Record<string, string>>): HttpResponseInit {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) {
    headers.set(name, value);
  }
  return { ...response, headers };
}

function unexpected(error: unknown, context: InvocationContext): HttpResponseInit {
  context.error(error);
  const message = `Something went wrong on our side. The log has it under the invocation ${context.invocationId}.`;
  return problemResponse({ code: 'internal', message });
}
