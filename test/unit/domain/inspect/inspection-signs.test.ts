import { expect, test } from 'vitest';
import { brokenInspection, emptyInspection, type Inspection } from '../../../../src/domain/inspect/inspecting.ts';
import { findInspectionTrouble } from '../../../../src/domain/inspect/inspection-signs.ts';
import { addMs } from '../../../../src/domain/time.ts';

const NOW = '2026-11-28T12:00:00.000Z';
const MINUTES = 60_000;
const ended = emptyInspection(12, NOW);

const troubleOf = (silenceMs: number, last?: Inspection) =>
  findInspectionTrouble({ lastUpdatedTime: addMs(NOW, -silenceMs), status: { last } }, NOW, 5 * MINUTES);

test.each([
  ['after one that came through', 0, ended],
  ['before one has ended', 0, undefined],
  ['while it waits for what hangs', 25 * MINUTES, ended],
])('of an inspection nothing is said %s', (_, silenceMs, last) => {
  expect(troubleOf(silenceMs, last)).toBeUndefined();
});

test('of an inspection nothing is said when its status cannot be read', () => {
  expect(findInspectionTrouble({ lastUpdatedTime: NOW, status: undefined }, NOW, 5 * MINUTES)).toBeUndefined();
});

test('an inspection is stuck once it is silent for longer than that', () => {
  expect(troubleOf(26 * MINUTES, ended)).toBe('The inspection is stuck: nothing has come of it for 26.0 min.');
});

test('an inspection that broke is told of until the next one ends', () => {
  const line = 'The inspection broke: inspection 12; its report says where (GET ACIGC).';
  expect(troubleOf(0, brokenInspection(ended, undefined))).toBe(line);
});
