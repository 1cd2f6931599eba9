import { createInterrupts } from './interrupts.ts';
import { runSmoke } from './run-smoke.ts';
import { parseSmokeOptions } from './smoke-options.ts';

/** The exit code of a wrong command line. */
const WRONG_COMMAND_LINE = 2;

const parsed = parseSmokeOptions(process.argv.slice(2), process.env);
switch (parsed.kind) {
  case 'text':
    process.stdout.write(parsed.text);
    break;
  case 'wrong':
    process.stderr.write(`error: ${parsed.message}\n`);
    process.exitCode = WRONG_COMMAND_LINE;
    break;
  case 'options': {
    const { stop, giveUp, interrupt } = createInterrupts(print);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => interrupt(performance.now()));
    }
    process.exitCode = await runSmoke(parsed.options, { stop, giveUp, print });
  }
}

function print(line: string): void {
  // A reader that has gone away is no reason to leave container groups behind.
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  process.stdout.write(`${line}\n`);
}
