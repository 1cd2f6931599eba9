import { z } from 'zod';
import { DataFileError } from '../files/data-file-error.ts';
import { createRealClock } from '../clock/real-clock.ts';
import { PLATFORM_NAMES } from './durable/platform/platform.ts';
import { type FunctionsHost, startFunctionsHost } from './host.ts';
import { formatLogLine } from './log/log-printer.ts';
import { StartError } from './start-error.ts';
import { releaseStartupMemory } from './startup-memory.ts';

const level = z.enum(['trace', 'debug', 'information', 'warning', 'error', 'critical']);

const optionsSchema = z.strictObject({
  appDirectory: z.string().min(1),
  port: z.number().int().min(0).max(65_535),
  dataDirectory: z.string().min(1),
  seed: z.number(),
  platform: z.enum(PLATFORM_NAMES).default('gentle'),
  visibilityTimeoutMs: z.number().optional(),
  auth: z.enum(['off', 'on']).default('off'),
  environment: z.record(z.string(), z.string()).optional(),
  /** The lowest level shown of what the app logs, and of what the host logs. */
  userLogLevel: level.default('information'),
  systemLogLevel: level.default('warning'),
});

/** What a parent gets over its IPC channel. */
type ParentMessage = { type: 'ready'; origin: string } | { type: 'failed'; message: string };

// A parent that is gone, however it went, must not leave a host behind.
process.on('disconnect', () => process.exit(1));

try {
  const host = await startFunctionsHost(readOptions());
  stopWhenAsked(host);
  tellParent({ type: 'ready', origin: host.origin }, () => setImmediate(releaseStartupMemory));
} catch (error) {
  const message = messageOf(error);
  // A parent shows the message in its own way; twice would be once too often.
  if (process.send) tellParent({ type: 'failed', message }, () => process.exit(1));
  else {
    process.stderr.write(`${message}\n`);
    process.exit(1);
  }
}

function readOptions(): Parameters<typeof startFunctionsHost>[0] {
  const text = process.argv[2] ?? process.env['ACI_LOCAL_HOST_OPTIONS'];
  if (text === undefined) {
    throw new StartError('The host takes its options as JSON in its one argument or in ACI_LOCAL_HOST_OPTIONS.');
  }
  // They are the host's own, not settings of the app.
  delete process.env['ACI_LOCAL_HOST_OPTIONS'];
  const { userLogLevel, systemLogLevel, environment, ...options } = optionsSchema.parse(JSON.parse(text));
  const shown = { user: userLogLevel, system: systemLogLevel };
  return {
    ...options,
    ...(environment && { environment }),
    clock: createRealClock(),
    log: (line) => {
      const printed = formatLogLine(line, shown);
      if (printed !== undefined) process.stdout.write(printed);
    },
  };
}

function stopWhenAsked(host: FunctionsHost): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    host.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The host did not stop cleanly: ${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop') stop();
  });
}

function tellParent(message: ParentMessage, whenSent: () => void): void {
  if (process.send) process.send(message, undefined, undefined, whenSent);
  else whenSent();
}

/** A wrong setting or a taken port needs no stack; a fault of the host or of the app does. */
function messageOf(error: unknown): string {
  if (error instanceof StartError || error instanceof DataFileError || !(error instanceof Error)) {
    return String(error instanceof Error ? error.message : error);
  }
  return error.stack ?? error.message;
}
