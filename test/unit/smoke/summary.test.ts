import { describe, expect, test } from 'vitest';
import type { Difference } from '../../../smoke/comparison/differences.ts';
import { isWell, summarize, type Outcome } from '../../../smoke/summary.ts';
import { optionsFor } from './options-fixture.ts';

const OPTIONS = optionsFor('https://func-aci-abc.azurewebsites.net');

const WELL: Outcome = {
  walk: { passed: 26, failed: [], notTried: 0, isInterrupted: false, seconds: {} },
  differences: [],
  leftBehind: [],
  seconds: 180.4,
};

const FAULT: Difference = { of: 'the mark', fact: 'status', local: '200', here: '201' };
const KNOWN: Difference = { ...FAULT, of: 'health', because: 'it may' };

describe('the end of a run', () => {
  test('is one line where all is well', () => {
    expect(isWell(WELL)).toBe(true);
    expect(summarize(WELL, OPTIONS)).toEqual(['', '26 passed, 0 failed, 0 differ, in 180 s: all is well']);
  });

  test('shows a difference with both values, and is not well', () => {
    const outcome = { ...WELL, differences: [FAULT, KNOWN] };
    expect(isWell(outcome)).toBe(false);
    expect(summarize(outcome, OPTIONS)).toEqual([
      '',
      'differs from the local stack (smoke/expected.json):',
      '  the mark, status: 200 there, 201 here',
      '',
      'differs, and is no fault:',
      '  it may:',
      '    health, status: 200 there, 201 here',
      '',
      '26 passed, 0 failed, 1 differ, in 180 s: NOT WELL',
    ]);
  });

  test('is well with differences that are no fault, of which it shows the first for each reason', () => {
    const outcome = { ...WELL, differences: Array.from({ length: 8 }, () => KNOWN) };
    expect(isWell(outcome)).toBe(true);
    const lines = summarize(outcome, OPTIONS);
    expect(lines.filter((line) => line.includes('there, 201 here'))).toHaveLength(5);
    expect(lines).toContain('    and 3 more');
  });

  test.each([
    { what: 'a step failed', outcome: { ...WELL, walk: { ...WELL.walk, failed: ['a step'] } } },
    { what: 'it was interrupted', outcome: { ...WELL, walk: { ...WELL.walk, isInterrupted: true, notTried: 3 } } },
    {
      what: 'a group was left behind',
      outcome: { ...WELL, leftBehind: [{ group: 'smoke-1', because: ['It lives.'] }] },
    },
  ])('is not well where $what', ({ outcome }) => {
    expect(isWell(outcome)).toBe(false);
    expect(summarize(outcome, OPTIONS).at(-1)).toMatch(/NOT WELL$/);
  });
});
