import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableApi } from '../contracts/durable-api.ts';
import { createDurableApi } from './durable-api.ts';
import { createDurableWebApi } from './web-api.ts';

/** The binding through which a function gets its durable client; add it to `extraInputs`. */
export const durableClientInput = df.input.durableClient();

/** The durable client of an invocation whose function has `durableClientInput`. */
export function durableApiOf(context: InvocationContext): DurableApi {
  return createDurableApi(df.getClient(context), createDurableWebApi(context.extraInputs.get(durableClientInput)));
}
