import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** A text longer than this tells a reader nothing: the random keys unfold to more than 100,000 characters each. */
const MAX_TEXT_LENGTH = 2_000;

/** Rewrites a Bicep snapshot so that equal ones are equal: keys in order, and long texts as their SHA-256. */
export function trimSnapshot(path: string): void {
  writeFileSync(path, `${JSON.stringify(JSON.parse(readFileSync(path, 'utf8'), trim), null, 2)}\n`);
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

if (import.meta.main) for (const path of process.argv.slice(2)) trimSnapshot(path);
