import { createRealClock } from '../../../local/clock/real-clock.ts';
import { openDurableHub } from '../../../local/host/durable/durable-hub.ts';
import { createManagementApi } from '../../../local/host/durable/http/management-api.ts';
import { PLATFORM_NAMES } from '../../../local/host/durable/platform/platform.ts';
import { countingInvoker } from './counting-invoker.ts';

/** Signals entities of the hub in the file and on the platform named by its arguments as fast as it can, and prints each signal that was accepted. */
const [, , databasePath = '', platformName] = process.argv;
const hub = openDurableHub({
  hubName: 'Kill',
  databasePath,
  platform: PLATFORM_NAMES.find((each) => each === platformName) ?? 'gentle',
  clock: createRealClock(),
  random: Math.random,
  invoker: countingInvoker,
  log: (_, message) => process.stderr.write(`${message}\n`),
});
const api = createManagementApi(hub);
hub.start();

await Promise.all(Array.from({ length: 8 }, (_, worker) => signalForEver(worker)));

async function signalForEver(worker: number): Promise<never> {
  for (let count = 1; ; count++) {
    const { status } = await api({
      method: 'POST',
      path: `entities/counter/${worker}`,
      query: new URLSearchParams('op=add'),
      headers: {},
      body: Buffer.alloc(0),
      origin: '',
      systemKey: undefined,
    });
    if (status !== 202) throw new Error(`Signal ${count} of worker ${worker} answered ${status}.`);
    // Where the reader is slow a line waits in this process, and would go with it: the next signal waits for it.
    await new Promise((resolve) => process.stdout.write(`${worker} ${count}\n`, resolve));
  }
}
