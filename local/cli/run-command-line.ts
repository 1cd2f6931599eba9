import type { HostProcess } from './stack/host-process.ts';
import { type HostStart, type LocalStack, startLocalStack } from './stack/local-stack.ts';
import { watchParent } from './parent-watch.ts';
import { readStartOptions } from './options/read-start-options.ts';
import { DataFileError } from '../files/data-file-error.ts';
import { StartError } from './start-error.ts';
import type { ScriptName, StartOptions } from './options/start-options.ts';

/** The exit code of a process that Ctrl-C ended (128 and the signal's number). */
const INTERRUPTED = 130;

/** Longer than the host is given to stop: a clean end is better, but an orphan has nobody who would press Ctrl-C again. */
const ORPHAN_GRACE_MS = 15_000;

/** A command that brings up the stack: its name among the scripts of npm, and the host that it runs. */
export interface StartCommand {
  script: ScriptName;
  startHost: (start: HostStart) => Promise<HostProcess>;
  whenReady: () => void;
}

/** Runs the command to its end, which is that of the stack, and resolves with the exit code. */
export async function runCommandLine(argv: readonly string[], command: StartCommand): Promise<number> {
  try {
    const parsed = await readStartOptions(argv, process.env, command.script);
    if (parsed.kind === 'text') {
      print(parsed.text);
      return 0;
    }
    return await runStack(parsed.options, command);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return 1;
  }
}

async function runStack(options: StartOptions, { startHost, whenReady }: StartCommand): Promise<number> {
  let kill = nothingToKill;
  let isStopping = false;
  const givenUp = new AbortController();
  const { promise: asked, resolve: ask } = Promise.withResolvers<'stop'>();
  const stop = (): void => {
    if (isStopping) {
      kill();
      process.exit(INTERRUPTED);
    }
    isStopping = true;
    givenUp.abort();
    ask('stop');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The terminal was closed.
  process.on('SIGHUP', stop);
  // Whoever kills npm wants the whole tree gone, even one that hangs while it starts.
  using _watch = await watchParent(() => {
    stop();
    setTimeout(() => process.exit(1), ORPHAN_GRACE_MS).unref();
  });

  const starting = startLocalStack({ options, print, signal: givenUp.signal }, startHost);
  const started = await Promise.race([starting, asked]);
  const stack = started === 'stop' ? await unlessGivenUp(starting) : started;
  if (stack === undefined) {
    print('stopping\n');
    return 0;
  }
  kill = stack.kill;
  whenReady();
  const end = started === 'stop' ? started : await Promise.race([stack.ended, asked]);
  if (end === 'stop') {
    print('stopping\n');
  } else if (end !== 0) {
    process.stderr.write(`The Functions host ended with exit code ${end}; everything else stops too.\n`);
  }
  await stack.stop();
  return end === 'stop' ? 0 : end;
}

/** A host that heard in time that it is not wanted any more, and so never ran, is what was asked for. */
async function unlessGivenUp(starting: Promise<LocalStack>): Promise<LocalStack | undefined> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return undefined;
    throw error;
  }
}

/** Before the host runs. */
function nothingToKill(): void {}

/** What the user can put right needs no stack trace. */
function describe(error: unknown): string {
  if (error instanceof StartError || error instanceof DataFileError) return `error: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function print(text: string): void {
  // A reader that has gone away is no reason to lose the clean stop.
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  process.stdout.write(text);
}
