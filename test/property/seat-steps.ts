import fc from 'fast-check';
import type { LeaseAction } from '../../src/domain/seat/lease.ts';

/** How a message is treated on its way: each of these it is delivered so much later, and none of them means that it is lost. */
export type Delivery = readonly number[];

/** Something that somebody does. */
export type Step =
  | {
      do: 'allocate';
      requestId: number;
      seats: number;
      /** The looks at the groups show what was true so long ago. */
      staleMs: number;
      /** The looks began so long before the request was sent. */
      lookedMs: number;
      delivery: Delivery;
      isRunAgain: boolean;
    }
  | { do: 'join' | 'leave' | 'beat' | 'boot' | 'goOnDeleting'; index: number; delivery: Delivery }
  | { do: LeaseAction | 'settle' | 'close'; index: number; delivery: Delivery; isRunAgain: boolean };

/** Something that sends a message. */
export interface Sent {
  index: number;
  delivery: Delivery;
}

/** Something whose turn may have to run again. */
export interface Repeatable extends Sent {
  isRunAgain: boolean;
}

/** A stale read shows what was true so long ago at the most. */
const STALE_MS = 1_000;

/** Most messages come soon and once; some twice, late, long after nobody waits for them, or never. */
const delivery = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 300 }).map((ms) => [ms]) },
  { weight: 2, arbitrary: fc.array(fc.nat({ max: 6_000 }), { minLength: 2, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.nat({ max: 90_000 }).map((ms) => [ms]) },
  { weight: 1, arbitrary: fc.constant([]) },
);
const isRunAgain = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
const index = fc.nat({ max: 20 });
const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 300 }) },
  { weight: 3, arbitrary: fc.nat({ max: 6_000 }) },
  { weight: 1, arbitrary: fc.nat({ max: 40_000 }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('allocate'),
      requestId: fc.oneof(
        { weight: 4, arbitrary: fc.nat({ max: 10_000 }) },
        { weight: 1, arbitrary: fc.nat({ max: 3 }) },
      ),
      seats: fc.integer({ min: 1, max: 2 }),
      staleMs: fc.oneof(fc.constant(0), fc.nat({ max: STALE_MS })),
      lookedMs: fc.nat({ max: 1_500 }),
      delivery,
      isRunAgain,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.oneof(
        ...(
          ['join', 'join', 'join', 'join', 'leave', 'leave', 'beat', 'boot', 'goOnDeleting', 'goOnDeleting'] as const
        ).map((each) => fc.constant(each)),
      ),
      index,
      delivery,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('confirm', 'renew', 'release', 'settle'),
      index,
      delivery,
      isRunAgain,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close'), index, delivery, isRunAgain }) },
);

/** The servers of a world. */
export const servers = fc.array(fc.record({ seats: fc.integer({ min: 1, max: 3 }), names: fc.boolean() }), {
  minLength: 1,
  maxLength: 2,
});

/** Steps, each with how long after the one before it is taken. */
export const steps = fc.array(fc.tuple(afterMs, step), { maxLength: 80, size: 'max' });
