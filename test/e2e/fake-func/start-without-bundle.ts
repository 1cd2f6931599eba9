import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../../local/cli/run-command-line.ts';
import { startCoreToolsHost } from '../../../local/func/core-tools-host.ts';

// What scripts/start-func.ts is, but for the app: the stand-in for Core Tools does not load it, and bundling it is most of a start.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  script: 'start:func',
  startHost: (start) => startCoreToolsHost(start, stageNothing),
  whenReady: () => undefined,
});

async function stageNothing(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'host.json']) writeFileSync(join(folder, name), '{}');
}
