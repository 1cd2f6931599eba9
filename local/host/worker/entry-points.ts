import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { StartError } from '../start-error.ts';
import { ensureError } from './core-error.ts';

const packageSchema = z.object({ main: z.string().min(1).optional(), type: z.string().optional() });

/**
 * Loads the files that `main` of the app's package.json names (a glob), in the order of their names. `onFile` hears of each
 * one before it is loaded. Throws a `StartError` in the real worker's words (nodejs-worker src/startApp.ts) when one throws.
 */
export async function loadEntryPoints(
  appDirectory: string,
  earlierCount: number,
  onFile: (file: string) => void,
): Promise<void> {
  const { main, type } = readPackage(appDirectory);
  if (main === undefined) {
    throw new StartError(
      `${join(appDirectory, 'package.json')} has no "main", which names the files that register functions.`,
    );
  }
  const files = globSync(main, { cwd: appDirectory }).toSorted();
  if (files.length === 0) throw unableToLoad(main, new Error('File does not exist, or no file matches the pattern'));
  for (const file of files) {
    onFile(file);
    try {
      await load(join(appDirectory, file), type, earlierCount);
    } catch (error) {
      throw unableToLoad(file, ensureError(error));
    }
  }
}

function readPackage(appDirectory: string): z.infer<typeof packageSchema> {
  const file = join(appDirectory, 'package.json');
  try {
    return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new StartError(`${file} can't be read as the package of a function app.`, { cause: error });
  }
}

async function load(file: string, packageType: string | undefined, earlierCount: number): Promise<void> {
  if (isModule(file, packageType)) {
    const { href } = pathToFileURL(file);
    await import(earlierCount === 0 ? href : `${href}?load=${earlierCount}`);
  } else createRequire(file)(file);
}

/** As the real worker decides (nodejs-worker src/loadScriptFile.ts), plus TypeScript, where Node itself tells the two apart. */
function isModule(file: string, packageType: string | undefined): boolean {
  if (/\.(mjs|mts|ts)$/.test(file)) return true;
  if (/\.(cjs|cts)$/.test(file)) return false;
  return packageType === 'module';
}

function unableToLoad(file: string, cause: Error): StartError {
  return new StartError(`Worker was unable to load entry point "${file}": ${cause.message}`, { cause });
}
