import { describe, expect, test } from 'vitest';
import { emptyReport, type SweepReport } from '../../../../src/domain/sweep/garbage.ts';
import { readSweepSigns } from '../../../../src/domain/sweep/sweep-signs.ts';
import { addMs } from '../../../../src/domain/time.ts';

const NOW = '2026-11-28T12:00:00.000Z';
const MINUTES = 60_000;
const ended: SweepReport = { ...emptyReport(12, NOW), collectedCount: 3, keptCount: 97, failedCount: 1 };

const signs = (silenceMs: number, last?: SweepReport) =>
  readSweepSigns({ lastUpdatedTime: addMs(NOW, -silenceMs), status: { last } }, NOW, 5 * MINUTES);

describe('a sweep', () => {
  test.each([
    ['goes on with the result of the last one', 0, ended, 'sweep 12 collected 3, kept 97, failed with 1.'],
    ['goes on before one has ended', 0, undefined, 'none has ended yet.'],
    ['goes on while it waits for its pace', 15 * MINUTES, ended, 'sweep 12 collected 3, kept 97, failed with 1.'],
  ])('%s', (_, silenceMs, last, said) => {
    expect(signs(silenceMs, last)).toEqual({ goesOn: true, line: `The sweep goes on: ${said}` });
  });

  test('goes on when its status cannot be read', () => {
    expect(readSweepSigns({ lastUpdatedTime: NOW, status: undefined }, NOW, 5 * MINUTES).goesOn).toBe(true);
  });

  test('is stuck once it is silent for longer than that', () => {
    const line = 'The sweep is stuck: nothing has come of it for 16.0 min.';
    expect(signs(16 * MINUTES, ended)).toEqual({ goesOn: false, line });
  });

  test('broke when the last one says so', () => {
    const line = 'The sweep broke: sweep 12; its report says where (GET ACIGC).';
    expect(signs(0, { ...ended, broken: true })).toEqual({ goesOn: false, line });
  });
});
