import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SEALING_CHECK_KEY } from '../../../../src/contracts/sealing-check.ts';
import { createSealer, type Sealer } from '../../../../src/security/sealing.ts';
import { judgeSealingMark } from '../../../../src/security/sealing-mark.ts';
import { health } from '../../../../src/triggers/http/health.ts';
import { createSealingHealth } from '../../../../src/triggers/sealing-check.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';
import { requestWith } from './request.ts';

const newSealer = (): Sealer => createSealer([{ id: 'one', key: randomBytes(32) }]);

/** An instance of the app in which no timer runs, and the marks that other starts have kept. */
function instance(sealer: Sealer) {
  const client = createFakeDurableClient();
  const clock = { nowMs: 0 };
  const { handle } = health(
    createSealingHealth(
      (sealed) => judgeSealingMark(sealed, sealer),
      () => clock.nowMs,
    ),
  );
  return {
    client,
    clock,
    ask: () => handle(requestWith(client, undefined)),
    keepMarkOf: (other: Sealer) =>
      client.entities.set(SEALING_CHECK_KEY, { sealed: other.seal('A mark.', 'sealing-check') }),
  };
}

const OK = { jsonBody: { status: 'ok' } };
const WRONG = { status: 503, jsonBody: { status: 'wrongSealingKeys' } };

test('health shows that the sealing keys are not those of earlier starts, without a timer in its instance', async () => {
  const { ask, keepMarkOf } = instance(newSealer());
  keepMarkOf(newSealer());
  expect(await ask()).toEqual(WRONG);
});

test('health is good with the keys of earlier starts, and at the first start', async () => {
  const sealer = newSealer();
  const later = instance(sealer);
  later.keepMarkOf(sealer);
  expect(await later.ask()).toEqual(OK);
  expect(await instance(sealer).ask()).toEqual(OK);
});

test('health looks once a minute, however often anybody asks', async () => {
  const { client, clock, ask, keepMarkOf } = instance(newSealer());
  expect(await Promise.all([ask(), ask()])).toEqual([OK, OK]);
  keepMarkOf(newSealer());
  clock.nowMs = 59_999;
  client.failNext(new Error('It was read again.'));
  expect(await ask()).toEqual(OK);
  clock.nowMs = 60_000;
  await expect(ask()).rejects.toThrow('It was read again.');
  expect(await ask()).toEqual(WRONG);
});
