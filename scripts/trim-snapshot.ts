import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** A text longer than this tells a reader nothing: the random keys unfold to more than 100,000 characters each. */
const MAX_TEXT_LENGTH = 2_000;

/** Copies a Bicep snapshot to a file so that equal ones are equal: keys in order, and long texts as their SHA-256. */
export function trimSnapshot(from: string, to: string): void {
  writeFileSync(to, `${JSON.stringify(JSON.parse(readFileSync(from, 'utf8'), trim), null, 2)}\n`);
}

function trim(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
    return `sha256:${createHash('sha256').update(value).digest('hex')}`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // Bicep writes some of a snapshot's keys in another order each time.
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  return value;
}

if (import.meta.main) {
  const [from, to] = process.argv.slice(2);
  if (from === undefined || to === undefined) throw new Error('usage: trim-snapshot.ts FROM TO');
  trimSnapshot(from, to);
}
