import { z } from 'zod';

/**
 * One of ARM's words, taken in any letter case and with or without blanks, as Azure takes it (the request collections of the 2018
 * project say `udp`), and kept in ARM's spelling.
 */
export function word<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const spellings = new Map(words.map((each) => [bare(each), each]));
  return z.preprocess(
    (given) => (typeof given === 'string' ? (spellings.get(bare(given)) ?? given) : given),
    z.enum(words),
  );
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}
