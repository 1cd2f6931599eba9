import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { APP_DIRECTORY } from './app.ts';
import type { Path } from './path.ts';
import { formatRecording, parseRecording, type Recording } from './recording.ts';

/** Where the recordings of all versions are: `<version>/<orchestrator>/<path>.json`. */
const DIRECTORY = import.meta.dirname;

/** A file of this name says that the version beside it was released: what runs somewhere can't be recorded anew. */
const RELEASED = 'released';

/** A recording as it was found. */
export interface GoldenFile {
  /** Of the app that was recorded. */
  appVersion: string;
  orchestrator: string;
  path: string;
  read(): Recording;
}

/** The recordings of every version, released or not. */
export function findGoldenFiles(): GoldenFile[] {
  return globSync('*/*/*.json', { cwd: DIRECTORY })
    .toSorted()
    .map((file) => {
      const orchestrator = dirname(file);
      return {
        appVersion: dirname(orchestrator),
        orchestrator: basename(orchestrator),
        path: basename(file, '.json'),
        read: () => parseRecording(readFileSync(join(DIRECTORY, file), 'utf8')),
      };
    });
}

/** The version that package.json gives the app. */
export function currentVersion(): string {
  const json: unknown = JSON.parse(readFileSync(join(APP_DIRECTORY, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(json).version;
}

/** Whether what a version began may run somewhere. */
export function isReleased(appVersion: string): boolean {
  return existsSync(join(DIRECTORY, appVersion, RELEASED));
}

/** Throws when a version is released. */
export function refuseReleased(appVersion: string): void {
  if (!isReleased(appVersion)) return;
  throw new Error(
    `${appVersion} is released: what it began runs somewhere, and its histories stay as they are. To record what the code ` +
      'does now, raise the version in package.json first.',
  );
}

/** Removes the recordings of a version that is not released. */
export function emptyFolder(appVersion: string): void {
  refuseReleased(appVersion);
  rmSync(join(DIRECTORY, appVersion), { recursive: true, force: true });
}

/** Writes the recording of a path. */
export function writeGoldenFile(appVersion: string, { orchestrator, name }: Path, recording: Recording): void {
  const folder = join(DIRECTORY, appVersion, orchestrator);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), formatRecording(recording));
}
