import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createEventGridWebhook } from '../../../../../local/host/event-grid/event-grid-webhook.ts';
import { type HttpListener, listen } from '../../../../../local/host/http/http-listener.ts';
import { createFunctionRegistry } from '../../../../../local/host/worker/function-registry.ts';

const PATH = '/runtime/webhooks/eventgrid?functionName=takesEvents';

let listener: HttpListener | undefined;
afterEach(() => listener?.close());

/** Serves the webhook of one function; resolves with a way to deliver a notification of so many events, and its status. */
async function serve(run: () => Promise<unknown>): Promise<(eventCount: number) => Promise<number>> {
  const registry = createFunctionRegistry();
  const bindings = { event: { type: 'eventGridTrigger', direction: 'in' as const } };
  registry.register({ name: 'takesEvents', bindings }, () => undefined);
  const webhook = createEventGridWebhook(
    registry.functions(),
    async () => {
      await run();
      return {};
    },
    undefined,
  );
  const opened = await listen({
    port: 0,
    handle: (request, response) => webhook.answer(request, response, new URL(PATH, 'http://localhost')),
  });
  listener = opened;
  return async (eventCount) => {
    const response = await fetch(`http://127.0.0.1:${opened.port}${PATH}`, {
      method: 'POST',
      headers: { 'aeg-event-type': 'Notification' },
      body: JSON.stringify(Array.from({ length: eventCount }, (_, id) => ({ id: String(id), data: {} }))),
    });
    await response.arrayBuffer();
    return response.status;
  };
}

test('10,000 events in 200 notifications at once are all taken, never more than a hundred at a time', async () => {
  let underWayCount = 0;
  let mostUnderWay = 0;
  let ranCount = 0;
  const { promise: allUnderWay, resolve: areAllUnderWay } = Promise.withResolvers<undefined>();
  const deliver = await serve(async () => {
    mostUnderWay = Math.max(mostUnderWay, ++underWayCount);
    // Nothing ends before as many as may be are under way, and none is let in beside them.
    if (underWayCount === 100) areAllUnderWay(undefined);
    await allUnderWay;
    await nextTurn();
    underWayCount -= 1;
    ranCount += 1;
  });
  const statuses = await Promise.all(Array.from({ length: 200 }, () => deliver(50)));
  expect(new Set(statuses)).toEqual(new Set([202]));
  expect([ranCount, mostUnderWay]).toEqual([10_000, 100]);
});

test('more notifications than that at once are answered 429, and taken later', async () => {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<undefined>();
  let hasRefused = false;
  const deliver = await serve(() => mayEnd);
  const delivered = Array.from({ length: 201 }, async () => {
    const status = await deliver(1);
    if (status === 429) hasRefused = true;
    return status;
  });
  await expect.poll(() => hasRefused).toBe(true);
  end(undefined);
  const statuses = await Promise.all(delivered);
  expect([statuses.filter((each) => each === 202).length, statuses.filter((each) => each === 429).length]).toEqual([
    200, 1,
  ]);
  expect(await deliver(1)).toBe(202);
});
