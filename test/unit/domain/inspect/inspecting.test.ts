import { describe, expect, test } from 'vitest';
import {
  addToInspection,
  brokenInspection,
  emptyInspection,
  inspectionSchema,
  lastLookOf,
  resumeInspecting,
} from '../../../../src/domain/inspect/inspecting.ts';
import { BORN, LATER } from '../group/group-fixture.ts';

const id = (name: string) => ({ resourceGroup: 'games', containerGroupName: name });

describe('a report', () => {
  test('counts what was found by its kind', () => {
    const incidents = [
      { ...id('a'), what: 'restarted' },
      { ...id('b'), what: 'crashed' },
      { ...id('c'), what: 'crashLoop' },
      { ...id('d'), what: 'ended' },
    ] as const;
    const failure = { code: 'armUnavailable', message: 'x'.repeat(900) } as const;
    const report = addToInspection(
      addToInspection(emptyInspection(1, BORN), { inspectedCount: 5, incidents: [...incidents] }),
      { inspectedCount: 2, failed: [{ ...id('e'), failure }] },
    );
    expect(report).toMatchObject({
      inspectedCount: 7,
      restartedCount: 1,
      crashedCount: 2,
      endedCount: 1,
      failedCount: 1,
      incidents,
    });
    expect(report.failed[0]?.failure.message).toHaveLength(200);
    expect(addToInspection(report, {})).toEqual(report);
  });

  test('of an inspection that broke tells when the last one began that came through', () => {
    const through = emptyInspection(1, BORN);
    expect(lastLookOf(through)).toBe(BORN);
    const broken = brokenInspection(emptyInspection(2, LATER), through);
    expect(broken).toMatchObject({ number: 2, isBroken: true, lastLookAt: BORN });
    expect(lastLookOf(brokenInspection(emptyInspection(3, LATER), broken))).toBe(BORN);
    expect(lastLookOf(brokenInspection(through, undefined))).toBeUndefined();
  });

  test('fits a custom status however much was found', () => {
    const failure = { code: 'armUnavailable', message: 'x'.repeat(900) } as const;
    const many = Array.from({ length: 500 }, (_, index) => id(`${'n'.repeat(60)}${index}`));
    const report = addToInspection(emptyInspection(1, BORN), {
      inspectedCount: 500,
      incidents: many.map((each) => ({ ...each, what: 'crashLoop' })),
      failed: many.map((each) => ({ ...each, failure })),
    });
    expect(inspectionSchema.parse(report)).toMatchObject({ crashedCount: 500, failedCount: 500 });
    expect(JSON.stringify(report).length).toBeLessThan(7_500);
  });
});

test('an inspection that has ended goes on with the next number and its last report', () => {
  const last = emptyInspection(6, BORN);
  expect(resumeInspecting()).toEqual({ number: 1 });
  expect(resumeInspecting({ input: { number: 7, last }, status: { number: 8, last: undefined } })).toEqual({
    number: 9,
    last,
  });
  expect(resumeInspecting({ input: undefined, status: { number: undefined, last } })).toEqual({ number: 7, last });
});
