import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { type FromKeeper, type ToKeeper, toKeeperSchema } from './keeper-message.ts';
import { signalGroup } from './signal-group.ts';

// A program that runs the programs of containers, each with all that it starts in a process group of its own, and kills every group once its
// parent has gone, however that happened: what is killed with `kill -9` cannot tell its children.

/** What a shell answers for a command that could not be run. */
const NOT_RUN = 127;

/** Shells add a signal's number to this for the exit code of a process that it ended. */
const SIGNAL_EXIT_CODE = 128;

/** A process that has left its group may hold the pipes open for ever; its container has ended all the same. */
const LAST_OUTPUT_MS = 1_000;

type Start = Extract<ToKeeper, { type: 'start' }>;
type Program = ReturnType<typeof spawnProgram>;

const running = new Map<number, Program>();

process.on('message', (message) => {
  const told = toKeeperSchema.parse(message);
  if (told.type === 'start') start(told);
  else signal(told.id, told.signal);
});
process.on('disconnect', () => {
  for (const id of running.keys()) signal(id, 'SIGKILL');
  process.exit();
});
// A terminal sends these to this process too; the parent decides what becomes of the containers.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);

function start(asked: Start): void {
  try {
    follow(asked, spawnProgram(asked));
  } catch (error) {
    // An environment that the system doesn't take is not told by an event (nodejs.org/api/child_process.html, spawn).
    fail(asked, error);
  }
}

function spawnProgram({ command, args, directory, environment }: Start) {
  return spawn(command, args, { cwd: directory, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

function follow(asked: Start, child: Program): void {
  const { id } = asked;
  running.set(id, child);
  child.once('spawn', () => child.pid !== undefined && tell({ type: 'started', id, pid: child.pid }));
  pass(child.stdout, id, 'stdout');
  pass(child.stderr, id, 'stderr');
  child.once('error', (error) => {
    // One that runs already and could not be told something goes on.
    if (child.pid === undefined) fail(asked, error);
  });
  child.once('exit', (code, signalName) => {
    const exitCode = code ?? SIGNAL_EXIT_CODE + (signalName ? constants.signals[signalName] : 0);
    // Who is first in a container takes everybody else with it.
    signal(id, 'SIGKILL');
    child.once('close', () => end(id, exitCode));
    setTimeout(() => end(id, exitCode), LAST_OUTPUT_MS).unref();
  });
}

function fail({ id, command }: Start, error: unknown): void {
  const chunk = Buffer.from(`${command} could not be run: ${error instanceof Error ? error.message : String(error)}\n`);
  tell({ type: 'output', id, stream: 'stderr', chunk });
  running.delete(id);
  tell({ type: 'ended', id, exitCode: NOT_RUN });
}

/** Reads no faster than the parent takes it: what a flood of lines needs then is not this process's memory. */
function pass(output: Readable, id: number, stream: 'stdout' | 'stderr'): void {
  output.on('data', (chunk: Buffer) => {
    output.pause();
    tell({ type: 'output', id, stream, chunk }, () => output.resume());
  });
}

function end(id: number, exitCode: number): void {
  if (running.delete(id)) tell({ type: 'ended', id, exitCode });
}

function signal(id: number, name: NodeJS.Signals): void {
  const pid = running.get(id)?.pid;
  if (pid !== undefined) signalGroup(pid, name);
}

function tell(message: FromKeeper, whenSent: () => void = () => undefined): void {
  // Without a parent there is nobody to tell, and this process ends.
  if (process.connected) process.send?.(message, undefined, undefined, whenSent);
}
