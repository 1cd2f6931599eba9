import { join } from 'node:path';
import { createVirtualClock } from '../../local/clock/virtual-clock.ts';
import { isOfType } from '../../local/host/functions/built-bindings.ts';
import { createDurableInvoker } from '../../local/host/durable/durable-invoker.ts';
import type { DurableFunctionInvoker } from '../../local/host/durable/work/function-invoker.ts';
import { createFunctionCaller } from '../../local/host/functions/function-caller.ts';
import { createRandom } from '../../local/host/random.ts';
import { createWorkCounter } from '../../local/host/functions/work-counter.ts';
import { startWorker } from '../../local/host/worker/worker.ts';

/** Where package.json and host.json are. */
export const APP_DIRECTORY = join(import.meta.dirname, '../..');

/** The app as its composition root registers it, loaded as the Functions host loads it. */
export async function loadApp(): Promise<{ invoker: DurableFunctionInvoker; orchestrators: string[] }> {
  Object.assign(process.env, {
    AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
    WEBSITE_HOSTNAME: 'games.azurewebsites.net',
    ACI_SEALING_KEYS: `test:${Buffer.alloc(32).toString('base64')}`,
  });
  const worker = await startWorker({ appDirectory: APP_DIRECTORY, log: () => undefined });
  const call = createFunctionCaller({
    worker,
    counter: createWorkCounter(),
    clock: createVirtualClock({ startMs: 0 }),
    random: createRandom(1),
    log: () => undefined,
    functionTimeoutMs: undefined,
    durableClientPayload: '{}',
  });
  return {
    invoker: createDurableInvoker(worker.functions, call),
    orchestrators: worker.functions
      .filter(({ trigger }) => isOfType(trigger.binding, ['orchestrationtrigger']))
      .map(({ name }) => name),
  };
}
