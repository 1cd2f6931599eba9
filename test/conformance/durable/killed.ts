import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { createRandom } from '../../../local/host/random.ts';
import { openTestHub } from './fixture.ts';
import type { TestHub } from './fixture.ts';

/** A store and the time at which it is opened. */
export interface Place {
  path: string;
  startMs: number;
}

let directory: string | undefined;
let fileCount = 0;

/** Names a store that does not exist yet; all of them disappear with the test process. */
export function newFile(): string {
  if (directory === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'durable-crash-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    directory = made;
  }
  fileCount += 1;
  return join(directory, `${fileCount}.sqlite`);
}

/**
 * What a process leaves behind when it is killed in this instant: the database and its log as they are in the file system. The
 * hub that is left goes on with its own file, which nobody looks at any more.
 */
export function killedCopy(path: string, { clock }: TestHub): Place {
  const copy = newFile();
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return { path: copy, startMs: clock.now() };
}

/** Opens the store, for the `openCount`th time after the first. */
export function openAt(
  { path, startMs }: Place,
  openCount: number,
  options: Parameters<typeof openTestHub>[0] = {},
): TestHub {
  const clock = createVirtualClock({ startMs });
  return openTestHub({ databasePath: path, clock, random: createRandom(openCount), ...options });
}
