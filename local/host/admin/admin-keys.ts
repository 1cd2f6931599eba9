import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { answerEmpty, answerJson, answerText } from '../http/answer.ts';
import { readBody } from '../http/request-body.ts';
import type { KeyScope, KeyStore } from '../keys/key-store.ts';

const keySchema = z.object({ name: z.string().optional(), value: z.string().min(1) });

/** Lists, reads, sets, renews and removes the keys of one scope (azure-functions-host src/WebJobs.Script.WebHost/Controllers/KeysController.cs). */
export async function answerKeys(
  keys: KeyStore,
  scope: KeyScope,
  name: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (name === undefined) {
    if (request.method !== 'GET') return answerEmpty(response, 404);
    return answerJson(response, 200, {
      keys: Array.from(keys.list(scope), ([each, value]) => ({ name: each, value })),
      links: [],
    });
  }
  switch (request.method ?? 'GET') {
    case 'GET': {
      const value = keys.list(scope).get(name);
      return value === undefined ? answerEmpty(response, 404) : answerJson(response, 200, { name, value });
    }
    case 'POST':
      return answerSet(name, undefined);
    case 'PUT': {
      const given = await readKey(request);
      if (given === undefined) return answerText(response, 400, 'The body is JSON with a text "value".');
      return answerSet(name, given);
    }
    case 'DELETE':
      return answerEmpty(response, keys.remove(scope, name) ? 204 : 404);
    default:
      return answerEmpty(response, 404);
  }

  function answerSet(keyName: string, given: string | undefined): void {
    const status = keys.has(scope, keyName) ? 200 : 201;
    answerJson(response, status, { name: keyName, value: keys.set(scope, keyName, given) });
  }
}

async function readKey(request: IncomingMessage): Promise<string | undefined> {
  const body = await readBody(request);
  if (!body) return undefined;
  try {
    const parsed = keySchema.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data.value : undefined;
  } catch {
    return undefined;
  }
}
