import { expect, test } from 'vitest';
import { replaceGlobalDate } from '../../../../local/clock/global-date.ts';
import { createVirtualClock } from '../../../../local/clock/virtual-clock.ts';

test('the global Date shows the time of the clock until it is put back', () => {
  const RealDate = Date;
  const clock = createVirtualClock({ startMs: Date.UTC(2001, 0, 1) });
  {
    using _ = replaceGlobalDate(clock);
    clock.advanceTo(Date.UTC(2001, 0, 2));
    expect(Date.now()).toBe(Date.UTC(2001, 0, 2));
    expect(new Date().toISOString()).toBe('2001-01-02T00:00:00.000Z');
    expect(Reflect.apply(Date, undefined, [])).toBe(new RealDate(Date.UTC(2001, 0, 2)).toString());
    expect(new Date(0).getTime()).toBe(0);
    expect(Date.parse('2020-01-01T00:00:00Z')).toBe(Date.UTC(2020, 0, 1));
    expect(new Date()).toBeInstanceOf(RealDate);
    expect(new RealDate()).toBeInstanceOf(Date);
    expect(new (class Later extends Date {})().getTime()).toBe(Date.UTC(2001, 0, 2));
  }
  expect(Date).toBe(RealDate);
});
