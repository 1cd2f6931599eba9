import type { Clock } from '../../../local/clock/clock.ts';

/**
 * Has the client of the managed identity wait by `clock` before it asks a token endpoint again that is down (@azure/msal-node,
 * DefaultManagedIdentityRetryPolicy, 3 times 1 s), which it does by the machine's: in seconds of a campaign, hours go by. Disposing the result puts
 * the earlier timers back.
 */
export function countPatienceOfAzure(clock: Clock): Disposable {
  const realSetTimeout = globalThis.setTimeout;
  globalThis.setTimeout = new Proxy(realSetTimeout, {
    apply(target, itself, given: [() => void, number?]): unknown {
      const [callback, ms = 0] = given;
      if (ms < SHORTEST_MS || !isCalledByAzure()) return Reflect.apply(target, itself, given);
      return clock.schedule(clock.now() + ms, callback);
    },
  });
  return {
    [Symbol.dispose]() {
      globalThis.setTimeout = realSetTimeout;
    },
  };
}

/** Who asks for less is not asked who he is, which costs more than most timers. */
const SHORTEST_MS = 500;

function isCalledByAzure(): boolean {
  return new Error('Who calls?').stack?.includes('/@azure/msal-node/') === true;
}
