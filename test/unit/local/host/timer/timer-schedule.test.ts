import { describe, expect, test } from 'vitest';
import { parseTimerSchedule } from '../../../../../local/host/timer/timer-schedule.ts';

const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

describe('the next occurrences of a schedule', () => {
  test.each([
    {
      description: 'every five minutes',
      schedule: '0 */5 * * * *',
      after: '2026-01-01T00:01:00Z',
      next: ['2026-01-01T00:05:00.000Z', '2026-01-01T00:10:00.000Z'],
    },
    {
      description: 'never the very moment',
      schedule: '0 */5 * * * *',
      after: '2026-01-01T00:05:00Z',
      next: ['2026-01-01T00:10:00.000Z'],
    },
    {
      description: 'five fields, without seconds',
      schedule: '*/5 * * * *',
      after: '2026-01-01T00:01:00Z',
      next: ['2026-01-01T00:05:00.000Z'],
    },
    {
      description: 'seconds with a start and a step',
      schedule: '5/15 * * * * *',
      after: '2026-01-01T00:00:00Z',
      next: ['2026-01-01T00:00:05.000Z', '2026-01-01T00:00:20.000Z'],
    },
    {
      description: 'a range with a step',
      schedule: '1-10/3 * * * * *',
      after: '2026-01-01T00:00:00Z',
      next: ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:04.000Z', '2026-01-01T00:00:07.000Z'],
    },
    {
      description: 'a list',
      schedule: '0 5,8,10 * * * *',
      after: '2026-01-01T00:05:00Z',
      next: ['2026-01-01T00:08:00.000Z', '2026-01-01T00:10:00.000Z', '2026-01-01T01:05:00.000Z'],
    },
    {
      description: 'working days by name',
      schedule: '0 30 9 * * Mon-Fri',
      after: '2026-01-02T12:00:00Z',
      next: ['2026-01-05T09:30:00.000Z'],
    },
    {
      description: 'whole names',
      schedule: '0 0 0 * January,march Monday',
      after: '2026-01-26T12:00:00Z',
      next: ['2026-03-02T00:00:00.000Z'],
    },
    {
      description: 'Friday the 13th: both days must fit',
      schedule: '0 0 12 13 * 5',
      after: '2026-01-01T00:00:00Z',
      next: ['2026-02-13T12:00:00.000Z', '2026-03-13T12:00:00.000Z', '2026-11-13T12:00:00.000Z'],
    },
    {
      description: 'a leap day',
      schedule: '0 0 0 29 2 *',
      after: '2026-01-01T00:00:00Z',
      next: ['2028-02-29T00:00:00.000Z'],
    },
    {
      description: 'a day that never comes',
      schedule: '0 0 0 31 2 *',
      after: '2026-01-01T00:00:00Z',
      next: [undefined],
    },
    {
      description: 'a time span counts from now',
      schedule: '01:30:00',
      after: '2026-01-01T00:00:01Z',
      next: ['2026-01-01T01:30:01.000Z', '2026-01-01T03:00:01.000Z'],
    },
    {
      description: 'a time span of days',
      schedule: '1.00:00:00',
      after: '2026-01-01T00:00:00Z',
      next: ['2026-01-02T00:00:00.000Z'],
    },
  ])('$description: $schedule', ({ schedule, after, next }) => {
    const { nextAfterMs } = parseTimerSchedule(schedule, 'UTC');
    let ms: number | undefined = Date.parse(after);
    for (const expected of next) {
      ms = ms === undefined ? undefined : nextAfterMs(ms);
      expect(iso(ms)).toBe(expected);
    }
  });

  test('the time zone moves with daylight saving time', () => {
    const { nextAfterMs, adjustsForDst } = parseTimerSchedule('0 0 9 * * *', 'Europe/Berlin');
    expect(adjustsForDst).toBe(true);
    expect(iso(nextAfterMs(Date.parse('2026-03-28T09:00:00Z')))).toBe('2026-03-29T07:00:00.000Z');
    expect(iso(nextAfterMs(Date.parse('2026-03-27T09:00:00Z')))).toBe('2026-03-28T08:00:00.000Z');
  });
});

test.each([
  { schedule: 'every day', message: "The schedule 'every day' has 2 fields; expected 6, seconds first, or 5." },
  { schedule: '* * * * * * *', message: "The schedule '* * * * * * *' has 7 fields; expected 6, seconds first, or 5." },
  { schedule: '0 x * * * *', message: "The schedule '0 x * * * *' has a wrong minute: 'x'." },
  { schedule: '0 0 0 L * *', message: "The schedule '0 0 0 L * *' has a wrong day: 'L'." },
  { schedule: '? * * * *', message: "The schedule '? * * * *' has a wrong minute: '?'." },
  {
    schedule: '0 0 0 * * 7',
    message: "The schedule '0 0 0 * * 7' has a wrong day of the week: 0 to 6, or Sun to Sat.",
  },
  {
    schedule: '60 * * * * *',
    message: "The schedule '60 * * * * *' is not an NCRONTAB expression: Invalid value for second: 60",
  },
  { schedule: '24:00:00', message: "The schedule '24:00:00' is not a time span of [days.]hh:mm:ss above zero." },
  { schedule: '00:00:00', message: "The schedule '00:00:00' is not a time span of [days.]hh:mm:ss above zero." },
])('$schedule is refused', ({ schedule, message }) => {
  expect(() => parseTimerSchedule(schedule, 'UTC')).toThrow(message);
});
