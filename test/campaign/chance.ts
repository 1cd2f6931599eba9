import { createRandom } from '../../local/host/random.ts';

/** What is decided by chance, the same for the same seeds. */
export interface Chance {
  /** From 0 to 1, 1 left out. */
  share(): number;
  between(from: number, to: number): number;
  /** Both ends included. */
  whole(from: number, to: number): number;
  happens(probability: number): boolean;
  /** Undefined where there is nothing to choose from. */
  pick<T>(items: readonly T[]): T | undefined;
  /** So many different ones, in the order of `items`. */
  some<T>(items: readonly T[], count: number): T[];
}

/** Creates a source of chance; another second number is another source of the same seed. */
export function createChance(seed: number, source: number): Chance {
  const share = createRandom(seed, source);
  const between = (from: number, to: number): number => from + share() * (to - from);
  const whole = (from: number, to: number): number => Math.floor(between(from, to + 1));
  return {
    share,
    between,
    whole,
    happens: (probability) => share() < probability,
    pick: (items) => items[whole(0, items.length - 1)],
    some(items, count) {
      const order = items.map((item, index) => ({ item, index, by: share() })).toSorted((a, b) => a.by - b.by);
      return order
        .slice(0, count)
        .toSorted((a, b) => a.index - b.index)
        .map(({ item }) => item);
    },
  };
}
