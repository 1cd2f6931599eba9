/**
 * Creates a generator of numbers in [0, 1) that is the same for the same seeds: sfc32, of 128 bits of state
 * (pracrand.sourceforge.net/RNG_engines.txt).
 */
export function createRandom(...seeds: number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  for (const seed of seeds) {
    a ^= Math.trunc(seed) >>> 0;
    b ^= Math.trunc(seed / 2 ** 32) >>> 0;
    for (let round = 0; round < 12; round++) next();
  }
  return () => next() / 2 ** 32;

  function next(): number {
    const result = (a + b + counter++) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + result) >>> 0;
    return result;
  }
}

/** Makes a version 4 UUID out of `random`. */
export function randomUuid(random: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.trunc(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  const variant = (8 + Math.trunc(random() * 4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
