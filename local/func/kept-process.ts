import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/**
 * A program that ends, with all that it has started, when this process does. Disposing of it ends it as Ctrl-C does; what has not ended
 * after ten seconds is killed.
 */
export interface KeptProcess extends AsyncDisposable {
  /** What it prints, where that is not shown. */
  output: Readable | null;
  /** Resolves with the exit code when it has ended, however it did. */
  ended: Promise<number>;
}

/** Starts a program; what it prints is shown, or handed over where `isRead`. */
export function startKeptProcess(
  program: { command: string; args: readonly string[]; cwd: string },
  { environment, isRead = false }: { environment: Readonly<Record<string, string | undefined>>; isRead?: boolean },
): KeptProcess {
  const keeper = fork(fileURLToPath(new URL('keeper.ts', import.meta.url)), [JSON.stringify(program)], {
    env: environment,
    stdio: ['ignore', isRead ? 'pipe' : 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<number>((resolve) => {
    keeper.once('exit', (code) => resolve(code ?? 1));
    keeper.once('error', () => resolve(1));
  });
  return {
    output: keeper.stdout,
    ended,
    async [Symbol.asyncDispose]() {
      if (keeper.connected) keeper.send('stop');
      await ended;
    },
  };
}
