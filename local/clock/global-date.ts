import type { Clock } from './clock.ts';

/**
 * Makes `new Date()`, `Date()` and `Date.now()` of this process show the time of `clock`, and nothing else: timers,
 * `performance` and the files' times stay the machine's. Disposing the result puts the earlier `Date` back.
 */
export function replaceGlobalDate(clock: Clock): Disposable {
  const RealDate = globalThis.Date;
  const now = (): number => clock.now();
  const ClockDate: DateConstructor = new Proxy(RealDate, {
    apply: () => new RealDate(clock.now()).toString(),
    construct(_, parameters: unknown[], newTarget) {
      const given = parameters.length === 0 ? [clock.now()] : parameters;
      const made: unknown = Reflect.construct(RealDate, given, newTarget === ClockDate ? RealDate : newTarget);
      if (!(made instanceof RealDate)) throw new TypeError('Date constructed something else.');
      return made;
    },
    get: (target, property): unknown => (property === 'now' ? now : Reflect.get(target, property)),
  });
  globalThis.Date = ClockDate;
  return {
    [Symbol.dispose]() {
      globalThis.Date = RealDate;
    },
  };
}
