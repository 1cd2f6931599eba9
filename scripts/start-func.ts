import { runCommandLine } from '../local/cli/run-command-line.ts';
import { startCoreToolsHost } from '../local/func/core-tools-host.ts';
import { stagePackage } from './stage-package.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  script: 'start:func',
  startHost: (start) => startCoreToolsHost(start, stagePackage),
  whenReady: () => undefined,
});
