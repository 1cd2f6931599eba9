import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { HostStart } from '../cli/stack/local-stack.ts';
import { StartError } from '../cli/start-error.ts';
import { startKeptProcess } from './kept-process.ts';
import { unlessGivenUp } from '../cli/stack/unless-given-up.ts';

/** Where Azurite's manifest and lock are, apart from the project's: only who runs Core Tools waits for its 280 packages. */
const DIRECTORY = fileURLToPath(new URL('azurite', import.meta.url));

const manifest = z.object({ dependencies: z.object({ azurite: z.string() }) });
const installed = z.object({ version: z.string() });

/** Installs Azurite in the version of its manifest, where that has not happened yet, and resolves with the path of its program. */
export async function ensureAzurite({ signal, print }: Pick<HostStart, 'signal' | 'print'>): Promise<string> {
  if (!isAzuriteInstalled()) {
    print(`installing Azurite, this once, in ${DIRECTORY}\n`);
    await using npm = startKeptProcess(
      { command: 'npm', args: ['ci', '--no-audit', '--no-fund'], cwd: DIRECTORY },
      { environment: process.env },
    );
    const exitCode = await unlessGivenUp(npm.ended, signal);
    if (exitCode !== 0) throw new StartError(`Azurite could not be installed: npm ci in ${DIRECTORY} failed.`);
  }
  return `${DIRECTORY}/node_modules/azurite/dist/src/azurite.js`;
}

/** Whether Azurite is there in the version of its manifest. */
export function isAzuriteInstalled(): boolean {
  const path = `${DIRECTORY}/node_modules/azurite/package.json`;
  if (!existsSync(path)) return false;
  const wanted = manifest.parse(readJson(`${DIRECTORY}/package.json`)).dependencies.azurite;
  return installed.parse(readJson(path)).version === wanted;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
