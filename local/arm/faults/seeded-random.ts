import { hash } from 'node:crypto';

/**
 * Random numbers that depend on the seed and a key only, not on the order of the draws: a run is repeatable even when requests arrive
 * in another order, and nothing has to be stored to continue it after a restart.
 */
export interface SeededRandom {
  /** A number in [0, 1). The same key always gives the same number. */
  draw(...key: (string | number)[]): number;
  /** A number in [from, to). */
  between(from: number, to: number, ...key: (string | number)[]): number;
  /** An id in the form of a version 4 UUID. */
  uuid(...key: (string | number)[]): string;
}

/** Creates the random numbers of one seed. */
export function createSeededRandom(seed: number): SeededRandom {
  const digest = (key: readonly (string | number)[]): string => hash('sha256', JSON.stringify([seed, ...key]), 'hex');
  const draw = (...key: (string | number)[]): number => Number.parseInt(digest(key).slice(0, 12), 16) / 2 ** 48;
  return {
    draw,
    between: (from, to, ...key) => from + (to - from) * draw(...key),
    uuid: (...key) => {
      const hex = digest(key);
      const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `${variant}${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
  };
}
