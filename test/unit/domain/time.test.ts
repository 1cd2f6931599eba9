import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, describeMs, durationMs, elapsedMs, laterOf, toInstant } from '../../../src/domain/time.ts';

const AT = '2026-11-24T10:00:00.000Z';

describe('an instant', () => {
  test('is text in UTC with milliseconds', () => {
    expect(toInstant(1)).toBe('1970-01-01T00:00:00.001Z');
  });

  test('moves by milliseconds, backwards too', () => {
    expect(addMs(AT, 1_500)).toBe('2026-11-24T10:00:01.500Z');
    expect(addMs(AT, -1)).toBe('2026-11-24T09:59:59.999Z');
  });

  test('earlier than another is a negative time away from it', () => {
    expect(elapsedMs(AT, addMs(AT, 250))).toBe(250);
    expect(elapsedMs(addMs(AT, 250), AT)).toBe(-250);
  });

  test('is the later of two, or either when they are the same', () => {
    expect(laterOf(AT, addMs(AT, 1))).toBe(addMs(AT, 1));
    expect(laterOf(addMs(AT, 1), AT)).toBe(addMs(AT, 1));
    expect(laterOf(AT, AT)).toBe(AT);
  });

  test('sorts as text the way it does as time', () => {
    const epochMs = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });
    fc.assert(
      fc.property(epochMs, epochMs, (one, other) => {
        expect(toInstant(one) < toInstant(other)).toBe(one < other);
        expect(elapsedMs(toInstant(one), toInstant(other))).toBe(other - one);
      }),
    );
  });
});

describe('a duration', () => {
  const rows: { text: string; ms: number | undefined; says: string }[] = [
    { text: 'PT5M', ms: 300_000, says: 'minutes' },
    { text: 'PT10S', ms: 10_000, says: 'seconds' },
    { text: 'PT0.25S', ms: 250, says: 'a fraction of a second' },
    { text: 'PT1H30M', ms: 5_400_000, says: 'hours and minutes' },
    { text: 'P1D', ms: 86_400_000, says: 'a day' },
    { text: 'P1DT12H', ms: 129_600_000, says: 'days and hours' },
    { text: 'P1DT1H1M1S', ms: 90_061_000, says: 'everything at once' },
    { text: 'PT0S', ms: 0, says: 'nothing at all' },
    { text: 'P', ms: undefined, says: 'a P alone' },
    { text: 'PT', ms: undefined, says: 'a T with nothing after it' },
    { text: 'P1DT', ms: undefined, says: 'a T with nothing after the days' },
    { text: 'P1M', ms: undefined, says: 'a month, which has no fixed length' },
    { text: 'P1W', ms: undefined, says: 'a week' },
    { text: 'PT1.5M', ms: undefined, says: 'a fraction of a minute' },
    { text: '-PT1M', ms: undefined, says: 'less than nothing' },
    { text: 'pt1m', ms: undefined, says: 'small letters' },
    { text: '5 minutes', ms: undefined, says: 'words' },
    { text: ' PT1M', ms: undefined, says: 'a space before it' },
    { text: '', ms: undefined, says: 'no text' },
  ];

  test.each(rows)('$says: "$text" is $ms ms', ({ text, ms }) => {
    expect(durationMs(text)).toBe(ms);
  });
});

test.each([
  [0, '0 ms'],
  [849.6, '850 ms'],
  [1_000, '1.0 s'],
  [31_240, '31.2 s'],
  [120_000, '2.0 min'],
  [5_400_000, '90.0 min'],
  [7_200_000, '2.0 h'],
  [90_000_000, '25.0 h'],
])('a person reads %d ms as %s', (ms, text) => {
  expect(describeMs(ms)).toBe(text);
});
