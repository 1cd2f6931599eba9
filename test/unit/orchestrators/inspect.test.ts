import { describe, expect, test } from 'vitest';
import { inspect, type Finding } from '../../../src/contracts/inspection.ts';
import { emptyInspection, type Inspecting } from '../../../src/domain/inspect/inspecting.ts';
import { addMs } from '../../../src/domain/time.ts';
import { orchestrateInspection } from '../../../src/orchestrators/inspect.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { drive, type Answer } from './drive.ts';

const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const last = { ...emptyInspection(6, addMs(BORN, -300_000)), inspectedCount: 100 };
const lookTimes = { lastLookAt: last.inspectedAt, lastDurationMs: last.durationMs };
const failure = { code: 'throttled', message: 'ARM answered 429.' };
const changed = { outcome: 'changed' };
const crash: Finding = {
  ...id,
  incarnation: 'first',
  ending: {
    event: 'crashed',
    failure: { code: 'containerCrashed', message: 'It crashed.' },
    container: { containerName: 'server', exitCode: 137, restartCount: 0 },
  },
};
const restart: Finding = {
  ...id,
  incarnation: 'first',
  restarts: { since: BORN, containers: [] },
  restarted: 'server once',
};

const { restarted: _restarted, ...counts } = restart;

function inspected(findings: Finding[], more: object = {}) {
  return { inspectedCount: 25, findings, failed: [], inspectIntervalMs: 300_000, ...more };
}

function turn(answers: Record<string, Answer>, soFar?: Inspecting['soFar'], lastOne = last) {
  const run = drive(inspect, orchestrateInspection, { number: 7, last: lastOne, ...(soFar && { soFar }) }, { answers });
  const next = inspect.input.parse(run.continuedWith);
  return { ...run, next, report: next.soFar?.report ?? next.last };
}

describe('a turn', () => {
  test('with more groups to come spreads the looks over the interval, and goes on', () => {
    const { next, asked, waitsMs, published } = turn({
      inspectContainerGroups: inspected([], { continuationToken: 'page 2' }),
    });
    expect(asked).toEqual([{ name: 'inspectContainerGroups', input: lookTimes }]);
    expect(waitsMs).toEqual([75_000]);
    const report = { ...emptyInspection(7, BORN), inspectedCount: 25 };
    expect(next).toEqual({ number: 7, last, soFar: { report, continuationToken: 'page 2' } });
    expect(published).toEqual([{ number: 7, phase: 'inspecting', last }]);
  });

  test('that finds nobody goes on at once', () => {
    expect(
      turn({ inspectContainerGroups: inspected([], { inspectedCount: 0, continuationToken: '2' }) }).waitsMs,
    ).toEqual([]);
  });

  test('that is the last one tells its report, waits for the rest of the interval, and begins the next inspection', () => {
    const report = { ...emptyInspection(7, addMs(BORN, -225_000)), inspectedCount: 75 };
    const { next, asked, waitsMs, published } = turn(
      { inspectContainerGroups: inspected([]) },
      { report, continuationToken: '4' },
    );
    expect(asked[0]?.input).toEqual({ continuationToken: '4', ...lookTimes });
    expect(waitsMs).toEqual([75_000]);
    expect(next).toEqual({ number: 8, last: { ...report, inspectedCount: 100, durationMs: 225_000 } });
    expect(published.at(-1)).toEqual({ number: 7, phase: 'waiting', last: next.last });
  });

  test('that took longer than the interval says so, and leaves ARM time all the same', () => {
    const report = emptyInspection(7, addMs(BORN, -400_000));
    const { next, waitsMs } = turn({ inspectContainerGroups: inspected([]) }, { report, continuationToken: '4' });
    expect(next.last).toMatchObject({ isLate: true, durationMs: 400_000 });
    expect(waitsMs).toEqual([5_000]);
  });

  test('that breaks reports it, and the next inspection comes after a minute', () => {
    const { next, waitsMs } = turn({
      inspectContainerGroups: () => {
        throw new Error('The store does not answer.');
      },
    });
    expect(waitsMs).toEqual([60_000]);
    expect(next).toMatchObject({
      number: 8,
      last: { number: 7, failedCount: 1, failed: [{ containerGroupName: '*' }] },
    });
  });
});

describe('an inspection that broke', () => {
  const breaking = {
    inspectContainerGroups: (): never => {
      throw new Error('The store does not answer.');
    },
  };
  const late = { report: emptyInspection(7, addMs(BORN, -400_000)), continuationToken: '4' };

  test('is none after which every group was looked at, and not late', () => {
    const { next } = turn(breaking, late);
    expect(next.last).toMatchObject({ isBroken: true, lastLookAt: last.inspectedAt, durationMs: 400_000 });
    expect(next.last).not.toHaveProperty('isLate');
    const second = turn(breaking, undefined, next.last);
    expect(second.asked[0]?.input).toEqual({ lastLookAt: last.inspectedAt, lastDurationMs: 400_000 });
    expect(second.next.last).toMatchObject({ isBroken: true, lastLookAt: last.inspectedAt });
  });

  test('and was the first one leaves no look behind', () => {
    const run = drive(inspect, orchestrateInspection, { number: 1 }, { answers: breaking });
    const next = inspect.input.parse(run.continuedWith);
    expect(next.last).not.toHaveProperty('lastLookAt');
    expect(turn(breaking, undefined, next.last).asked[0]?.input).toEqual({ lastDurationMs: 0 });
  });
});

describe('what is found', () => {
  test.each<[string, Finding, object]>([
    ['a crash', crash, { crashedCount: 1, incidents: [{ ...id, what: 'crashed' }] }],
    ['a restart', restart, { restartedCount: 1, incidents: [{ ...id, what: 'restarted' }] }],
    ['a count of which nothing is told', counts, { incidents: [] }],
  ])('%s is told with the incarnation that was seen, and counted', (_, finding, expected) => {
    const { asked, report } = turn({
      inspectContainerGroups: inspected([finding]),
      'entity.recordInspection': changed,
    });
    const { resourceGroup: _resourceGroup, containerGroupName: _name, ...told } = finding;
    expect(asked.at(-1)).toEqual({
      name: 'entity.recordInspection',
      input: { at: BORN, cause: 'inspection 7', ...told },
    });
    expect(report).toMatchObject(expected);
  });

  test('and came too late is not counted', () => {
    const refused = { outcome: 'refused', refusal: { code: 'otherIncarnation', message: 'It is another one.' } };
    const { report } = turn({ inspectContainerGroups: inspected([crash]), 'entity.recordInspection': refused });
    expect(report).toMatchObject({ crashedCount: 0, failedCount: 0 });
  });

  test('and cannot be told is reported, and the others are told', () => {
    const { report } = turn({
      inspectContainerGroups: inspected([crash, restart], { failed: [{ ...id, failure }] }),
      'entity.recordInspection': (_input, count) => {
        if (count === 0) throw new Error('The store does not answer.');
        return changed;
      },
    });
    expect(report).toMatchObject({ crashedCount: 0, restartedCount: 1, failedCount: 2 });
  });
});

describe('a look that ARM refuses for the number of calls', () => {
  const refused = { keys: ['games:game-1'], failure, retryAfterMs: 17_000 };

  test('is asked for again after as long as ARM says', () => {
    const { asked, waitsMs, report } = turn({
      inspectContainerGroups: (_input, count) =>
        count === 0 ? inspected([], { refused, continuationToken: '2' }) : inspected([], { inspectedCount: 1 }),
    });
    expect(asked[1]?.input).toEqual({ only: refused.keys, ...lookTimes });
    expect(waitsMs).toEqual([17_000, 61_000]);
    expect(report).toMatchObject({ inspectedCount: 26, failedCount: 0 });
  });

  test('again and again is left to the next inspection', () => {
    const { asked, waitsMs, report } = turn({
      inspectContainerGroups: inspected([], { inspectedCount: 0, refused: { ...refused, retryAfterMs: 0 } }),
    });
    expect(asked).toHaveLength(4);
    expect(waitsMs.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
    expect(report).toMatchObject({
      failedCount: 1,
      failed: [{ resourceGroup: 'games', containerGroupName: 'game-1', failure }],
    });
  });

  test('and breaks when it is asked for again leaves those groups alone to the next inspection', () => {
    const { next, report } = turn({
      inspectContainerGroups: (_input, count) => {
        if (count > 0) throw new Error('The store does not answer.');
        return inspected([], { refused, continuationToken: '2' });
      },
    });
    expect(next.soFar).toMatchObject({ continuationToken: '2' });
    expect(report).toMatchObject({
      failedCount: 1,
      failed: [{ resourceGroup: 'games', failure: { code: 'internal' } }],
    });
  });
});
