import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { z } from 'zod';

// A program that runs another one and all that this one starts, in a process group of its own, and ends the whole group once its
// parent asks or has gone, however that happened. The command `func` starts a host, and the host a worker: a signal to the first of
// them alone leaves the others, and what is killed cannot tell its children.
const { command, args, cwd } = z
  .object({ command: z.string(), args: z.array(z.string()), cwd: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));

/** Core Tools gives itself 2 s (azure-functions-core-tools, CancelKeyHandler.cs), and Azurite writes its state down. */
const STOP_GRACE_MS = 10_000;

/** What a shell answers for a command that could not be run. */
const NOT_RUN = 127;

/** Shells add a signal's number to this for the exit code of a process that it ended. */
const SIGNAL_EXIT_CODE = 128;

let isStopping = false;
const group = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
group.once('error', (error) => {
  process.stderr.write(`${command} could not be run: ${error.message}\n`);
  process.exit(NOT_RUN);
});
group.once('exit', (code, signal) => {
  signalGroup('SIGKILL');
  process.exit(code ?? SIGNAL_EXIT_CODE + (signal ? constants.signals[signal] : 0));
});
process.on('message', stop);
process.on('disconnect', stop);
// A terminal sends these to this process too; the parent decides what becomes of the group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** The second time, nobody waits any more. */
function stop(): void {
  signalGroup(isStopping ? 'SIGKILL' : 'SIGINT');
  if (!isStopping) setTimeout(() => signalGroup('SIGKILL'), STOP_GRACE_MS);
  isStopping = true;
}

function signalGroup(signal: NodeJS.Signals): void {
  if (group.pid === undefined) return;
  try {
    process.kill(-group.pid, signal);
  } catch (error) {
    // Everybody in it has ended.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
