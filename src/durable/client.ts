import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableApi } from '../contracts/durable-api.ts';
import { createDurableApi } from './durable-api.ts';
import { createDurableWebApi } from './web-api.ts';

/** The binding through which a function gets its durable client; add it to `extraInputs`. */
export const durableClientInput = df.input.durableClient();

/** Making a client takes a fifteenth of a session report's time; every invocation gets the same binding until a key is renewed. */
let latest: { binding: string; api: DurableApi } | undefined;

/** The durable client of an invocation whose function has `durableClientInput`. */
export function durableApiOf(context: InvocationContext): DurableApi {
  const value: unknown = context.extraInputs.get(durableClientInput);
  const binding = JSON.stringify(value);
  if (latest?.binding !== binding) {
    latest = { binding, api: createDurableApi(df.getClient(context), createDurableWebApi(value)) };
  }
  return latest.api;
}
