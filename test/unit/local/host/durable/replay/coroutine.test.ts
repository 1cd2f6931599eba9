import { describe, expect, it } from 'vitest';
import { Completion, runCoroutine, whenAll, whenAny } from '../../../../../../local/host/durable/replay/coroutine.ts';
import type { Coroutine } from '../../../../../../local/host/durable/replay/coroutine.ts';

function outcomeOf(completion: Completion): boolean | 'open' {
  let outcome: boolean | 'open' = 'open';
  completion.whenSettled((succeeded) => (outcome = succeeded));
  return outcome;
}

describe('a completion', () => {
  it('keeps its first outcome', () => {
    const completion = new Completion();
    completion.settle(false);
    completion.settle(true);
    expect(outcomeOf(completion)).toBe(false);
  });

  it('tells its waiters within the call that settles it, in the order in which they came', () => {
    const completion = new Completion();
    const seen: string[] = [];
    for (const name of ['first', 'second']) completion.whenSettled((succeeded) => seen.push(`${name} ${succeeded}`));
    completion.settle(true);
    expect(seen).toEqual(['first true', 'second true']);
  });
});

describe('a coroutine', () => {
  it('goes on at once when what it waits for settles, and settles with what it returns', () => {
    const [first, second] = [new Completion(), new Completion()];
    const seen: boolean[] = [];
    const whole = runCoroutine(waitForBoth());
    first.settle(true);
    expect(seen).toEqual([true]);
    second.settle(false);
    expect(seen).toEqual([true, false]);
    expect(outcomeOf(whole)).toBe(false);

    function* waitForBoth(): Coroutine {
      seen.push(yield first);
      const last = yield second;
      seen.push(last);
      return last;
    }
  });

  it('does not wait for what is settled already', () => {
    const settled = new Completion();
    settled.settle(true);
    expect(outcomeOf(runCoroutine(waitForSettled()))).toBe(true);

    function* waitForSettled(): Coroutine {
      return yield settled;
    }
  });
});

describe.each([
  { what: 'any: nothing settled', combine: whenAny, outcomes: ['open', 'open'], expected: 'open' },
  { what: 'any: one succeeded', combine: whenAny, outcomes: ['open', true], expected: true },
  { what: 'any: one failed', combine: whenAny, outcomes: [false, 'open'], expected: true },
  { what: 'all: one succeeded', combine: whenAll, outcomes: [true, 'open'], expected: 'open' },
  { what: 'all: all succeeded', combine: whenAll, outcomes: [true, true], expected: true },
  { what: 'all: one failed, one open', combine: whenAll, outcomes: ['open', false], expected: false },
  { what: 'all: failed before the other succeeded', combine: whenAll, outcomes: [false, true], expected: false },
] as const)('$what', ({ combine, outcomes, expected }) => {
  it(`is ${String(expected)}`, () => {
    const children = outcomes.map(() => new Completion());
    const combined = combine(children);
    for (const [index, outcome] of outcomes.entries()) if (outcome !== 'open') children[index]?.settle(outcome);
    expect(outcomeOf(combined)).toBe(expected);
  });
});
