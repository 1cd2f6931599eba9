import { expect, test } from 'vitest';
import { createReception } from '../../../../src/triggers/http/reception.ts';

test('every report has the time at which it came and the next number of the process', () => {
  let nowMs = 0;
  const receive = createReception(() => nowMs, 'p');
  expect(receive()).toEqual({ at: '1970-01-01T00:00:00.000Z', receipt: { process: 'p', number: 1 } });
  nowMs = 5;
  expect(receive()).toEqual({ at: '1970-01-01T00:00:00.005Z', receipt: { process: 'p', number: 2 } });
});

test('two processes can be told apart', () => {
  const [one, other] = [createReception(Date.now)(), createReception(Date.now)()];
  expect(one.receipt.process).not.toBe(other.receipt.process);
});
