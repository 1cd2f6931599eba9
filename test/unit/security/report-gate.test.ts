import { expect, test } from 'vitest';
import { createReportGate, type ReportGate } from '../../../src/security/report-gate.ts';

const KEY = 'games:game-1';
const gateOf = (...minted: string[]) =>
  createReportGate({ isMinted: (groupKey, token) => groupKey === KEY && minted.includes(token) });

function takeAll(gate: ReportGate, token: string, key = KEY): number {
  let passed = 0;
  while (gate.take(key, token, 0) === undefined) {
    passed += 1;
  }
  return passed;
}

test('a container reports no more often than any game needs', () => {
  const gate = gateOf('token');
  expect(takeAll(gate, 'token')).toBe(20);
  expect(gate.take(KEY, 'token', 0)).toBe(200);
});

test('neither guesses nor an earlier token shut the container out', () => {
  const gate = gateOf('token', 'earlier');
  expect(takeAll(gate, 'guess')).toBe(20);
  expect(gate.take(KEY, 'another guess', 0)).toBe(1_000);
  expect(takeAll(gate, 'earlier')).toBe(20);
  expect(gate.take(KEY, 'token', 0)).toBeUndefined();
});

test('guesses share a little in all, whichever groups they are at', () => {
  const gate = gateOf('token');
  const passed = Array.from({ length: 20 }, (_, index) => takeAll(gate, 'guess', `games:other-${index}`));
  expect(passed.reduce((sum, count) => sum + count, 0)).toBe(200);
  expect(gate.take(KEY, 'token', 0)).toBeUndefined();
});

test('a token is good when it has one of the digests', () => {
  const gate = gateOf();
  const digest = 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-x';
  expect(gate.verify('token', [digest])).toBe(false);
  expect(gate.verify('token', ['PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A'])).toBe(true);
});
