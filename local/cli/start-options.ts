import { Command, InvalidArgumentError, Option } from 'commander';
import { StartError } from './start-error.ts';

/** What the command line asks for. */
export interface StartOptions {
  /** Of the Functions host; 0 lets the system choose, as for `armPort`. */
  port: number;
  armPort: number;
  dataDir: string;
  fresh: boolean;
  profile: 'realistic' | 'fast' | 'instant';
  /** Names of fault profiles or JSON files, separated by commas. */
  faults: string;
  seed: number;
  auth: 'off' | 'on';
}

/** The command line is understood, or there is only a text to show (help). */
export type ParsedStartOptions = { kind: 'options'; options: StartOptions } | { kind: 'text'; text: string };

const ENVIRONMENT_PREFIX = 'ACI_LOCAL_';

/**
 * Reads the options from the command line and, where they are not given, from the environment: `--arm-port` is `ACI_LOCAL_ARM_PORT`.
 * Throws a `StartError` for what is unknown or wrong, in the command line as in the environment.
 */
export function parseStartOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedStartOptions {
  const text: string[] = [];
  const command = createCommand()
    .exitOverride()
    .configureOutput({ writeOut: (part) => text.push(part), writeErr: () => undefined });
  const given = [...environmentArguments(command, environment), ...argv];
  try {
    command.parse(given, { from: 'user' });
  } catch (error) {
    if (isHelp(error)) return { kind: 'text', text: text.join('') };
    const message = error instanceof Error ? error.message.replace(/^error: /, '') : String(error);
    throw new StartError(`${message}\nRun "npm start -- --help" to see every option.`, { cause: error });
  }
  return { kind: 'options', options: command.opts<StartOptions>() };
}

function createCommand(): Command {
  return new Command('npm start --')
    .description(
      'Runs the whole product on this machine: the Functions host with the app, and Azure as far as the app sees it.',
    )
    .addOption(new Option('--port <number>', 'of the Functions host').default(7071).argParser(parsePort))
    .addOption(new Option('--arm-port <number>', 'of the ARM emulator (TLS)').default(7443).argParser(parsePort))
    .addOption(new Option('--data-dir <directory>', 'where all state is kept').default('.local'))
    .addOption(new Option('--fresh', 'empties the data directory first').default(false))
    .addOption(
      new Option('--profile <name>', 'how long things take: as in Azure, about a second, or no time')
        .choices(['realistic', 'fast', 'instant'])
        .default('realistic'),
    )
    .addOption(
      new Option('--faults <names or files>', 'what goes wrong: profiles or JSON files, comma-separated').default(
        'none',
      ),
    )
    .addOption(new Option('--seed <number>', 'repeats the same random choices').default(1).argParser(parseSeed))
    .addOption(
      new Option('--auth <mode>', 'whether keys are enforced as in Azure').choices(['off', 'on']).default('off'),
    )
    .addHelpText(
      'after',
      `\nEvery option is also read from the environment: --arm-port from ${ENVIRONMENT_PREFIX}ARM_PORT.`,
    )
    .showSuggestionAfterError(true)
    .allowExcessArguments(false);
}

/** Turns the environment into arguments that come before the real ones, which win. */
function environmentArguments(command: Command, environment: Readonly<Record<string, string | undefined>>): string[] {
  const options = new Map(command.options.map((option) => [environmentName(option), option]));
  const args: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(ENVIRONMENT_PREFIX) || value === undefined) continue;
    const option = options.get(name);
    if (!option?.long) {
      throw new StartError(`The environment variable ${name} is unknown. Known are ${[...options.keys()].join(', ')}.`);
    }
    if (option.required) args.push(`${option.long}=${value}`);
    else if (parseSwitch(name, value)) args.push(option.long);
  }
  return args;
}

function environmentName(option: Option): string {
  return ENVIRONMENT_PREFIX + (option.long ?? '').replace(/^--/, '').replaceAll('-', '_').toUpperCase();
}

function parseSwitch(name: string, value: string): boolean {
  if (/^(1|true|on|yes)$/i.test(value)) return true;
  if (/^(0|false|off|no|)$/i.test(value)) return false;
  throw new StartError(`The environment variable ${name} is '${value}', expected true or false.`);
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (/^\d{1,15}$/.test(value) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('A seed is a whole number from 0 up, of at most 15 digits.');
}

function isHelp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'commander.helpDisplayed';
}
