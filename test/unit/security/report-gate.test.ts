import { expect, test } from 'vitest';
import { createContainerToken } from '../../../src/security/container-token.ts';
import { createReportGate } from '../../../src/security/report-gate.ts';

const KEY = 'games:game-1';

function takeAll(gate: ReturnType<typeof createReportGate>, token: string): number {
  let passed = 0;
  while (gate.take(KEY, token, 0) === undefined) {
    passed += 1;
  }
  return passed;
}

test('guesses at a token shut out neither the container nor another group', () => {
  const gate = createReportGate();
  const { token, digest } = createContainerToken();
  expect(gate.verify(KEY, token, [digest])).toBe(true);
  expect(takeAll(gate, 'guess')).toBe(20);
  expect(gate.take(KEY, token, 0)).toBeUndefined();
  expect(gate.take('games:game-2', 'guess', 0)).toBeUndefined();
});

test('a container reports no more often than any game needs', () => {
  const gate = createReportGate();
  const { token, digest } = createContainerToken();
  gate.verify(KEY, token, [digest]);
  expect(takeAll(gate, token)).toBe(20);
  expect(gate.take(KEY, token, 0)).toBe(200);
});

test('a token that was never good is a stranger', () => {
  const gate = createReportGate();
  const { token, digest } = createContainerToken();
  expect(gate.verify(KEY, 'guess', [digest])).toBe(false);
  expect(takeAll(gate, token)).toBe(20);
  expect(gate.take(KEY, token, 0)).toBe(1_000);
});

test('a token whose group has another one by now is a stranger again', () => {
  const gate = createReportGate();
  const [old, next] = [createContainerToken(), createContainerToken()];
  gate.verify(KEY, old.token, [old.digest]);
  gate.verify(KEY, next.token, [next.digest]);
  takeAll(gate, 'guess');
  expect(gate.take(KEY, old.token, 0)).toBe(1_000);
  expect(gate.take(KEY, next.token, 0)).toBeUndefined();
});
