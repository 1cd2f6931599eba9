import { expect, test } from 'vitest';
import { explainMassAbsence } from '../../../../src/domain/reconcile/mass-absence.ts';
import {
  addToReconciliation,
  emptyReconciliation,
  type Reconciliation,
} from '../../../../src/domain/reconcile/reconciling.ts';
import { readReconciliationSigns } from '../../../../src/domain/reconcile/reconciliation-signs.ts';
import { addMs } from '../../../../src/domain/time.ts';

const NOW = '2026-11-28T12:00:00.000Z';
const MINUTES = 60_000;
const ended: Reconciliation = { ...emptyReconciliation(12, NOW), comparedCount: 40, ghostCount: 1, driftCount: 2 };
const result = 'reconciliation 12 compared 40, found 1 ghosts, 0 orphans, 2 differences, failed with 0.';

function failedFor(resourceGroup: string, failure = explainMassAbsence({ absentCount: 9, expectedCount: 9 }, 1)) {
  return { resourceGroup, containerGroupName: '*', failure };
}

const signs = (silenceMs: number, last?: Reconciliation) =>
  readReconciliationSigns({ lastUpdatedTime: addMs(NOW, -silenceMs), status: { last } }, NOW, 5 * MINUTES);

test.each([
  ['with the result of the last one', 0, ended, result],
  ['before one has ended', 0, undefined, 'none has ended yet.'],
  ['while it waits for what hangs', 15 * MINUTES, ended, result],
])('a reconciliation goes on %s', (_, silenceMs, last, said) => {
  expect(signs(silenceMs, last)).toEqual({ goesOn: true, line: `The reconciliation goes on: ${said}` });
});

test('a reconciliation goes on when its status cannot be read, and when a single resource group fails', () => {
  expect(readReconciliationSigns({ lastUpdatedTime: NOW, status: undefined }, NOW, 5 * MINUTES).goesOn).toBe(true);
  const failure = { code: 'internal', message: 'It broke.' } as const;
  expect(signs(0, addToReconciliation(ended, { failed: [failedFor('games', failure)] })).goesOn).toBe(true);
});

test('a reconciliation is stuck once it is silent for longer than that', () => {
  const line = 'The reconciliation is stuck: nothing has come of it for 16.0 min.';
  expect(signs(16 * MINUTES, ended)).toEqual({ goesOn: false, line });
});

test('a reconciliation broke when the last one does not know what to compare', () => {
  const line = 'The reconciliation broke: reconciliation 12; its report says where (GET ACIGC).';
  expect(signs(0, addToReconciliation(ended, { failed: [failedFor('*')] }))).toEqual({ goesOn: false, line });
});

test('a reconciliation holds back where most groups were missing', () => {
  const last = addToReconciliation(ended, { failed: [failedFor('games'), failedFor('lobbies')] });
  const line =
    'The reconciliation holds back: in reconciliation 12 most groups of games, lobbies were not in Azure (GET ACIGC).';
  expect(signs(0, last)).toEqual({ goesOn: false, line });
});
