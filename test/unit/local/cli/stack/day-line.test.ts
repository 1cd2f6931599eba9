import { afterEach, expect, test, vi } from 'vitest';
import { printDays } from '../../../../../local/cli/stack/day-line.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('the date is printed at the start and once for each new day, until nobody wants it any more', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 22) });
  const printed: string[] = [];
  const days = printDays((text) => printed.push(text));
  expect(printed).toEqual(['2026-11-24 (times are UTC)\n']);
  vi.advanceTimersByTime(25 * 3_600_000);
  expect(printed.slice(1)).toEqual(['2026-11-25 (times are UTC)\n']);
  days[Symbol.dispose]();
  vi.advanceTimersByTime(48 * 3_600_000);
  expect(printed).toHaveLength(2);
});
