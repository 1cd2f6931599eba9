import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing, for its owner alone; one that is there is left as it is. One by one: node's own
 * `recursive` never ends below /proc, where a new directory is answered ENOENT (github.com/nodejs/node/issues/31481).
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let each = path; !existsSync(each); each = dirname(each)) missing.unshift(each);
  for (const each of missing) mkdirSync(each, { mode: 0o700 });
}
