import type { Json, JsonObject } from './json.ts';

/** What the emulator answers to one request. */
export interface ArmReply {
  status: number;
  body?: Json;
  headers?: Readonly<Record<string, string>>;
  /** The connection breaks, and there is no answer. */
  isReset?: true;
  /** How long the answer takes, by the clock; the effect has happened already. */
  delayMs?: number;
}

/** An error as ARM words it, with the HTTP status that carries it. */
export interface ArmError {
  status: number;
  code: string;
  message: string;
  target?: string;
  retryAfterSeconds?: number;
}

/** Makes the answer for an error: the envelope is the same everywhere (github.com/Azure/azure-resource-manager-rpc, common-api-details.md). */
export function errorReply(error: ArmError): ArmReply {
  const body: JsonObject = { code: error.code, message: error.message };
  if (error.target !== undefined) body['target'] = error.target;
  return {
    status: error.status,
    body: { error: body },
    ...(error.retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(error.retryAfterSeconds) } }),
  };
}
