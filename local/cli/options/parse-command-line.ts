import { Command, InvalidArgumentError, Option } from 'commander';
import { faultProfiles } from '../../arm/faults/fault-profiles.ts';
import { PLATFORM_NAMES } from '../../host/durable/platform/platform.ts';
import { StartError } from '../start-error.ts';
import {
  defaultStartOptions,
  ENVIRONMENT_PREFIX,
  type ParsedStartOptions,
  type ScriptName,
  type StartOptions,
} from './start-options.ts';

/** Parses the command line and the environment; a wrong or unknown entry throws a `StartError`. */
export function parseCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  script: ScriptName,
): ParsedStartOptions {
  const text: string[] = [];
  const command = createCommand(script)
    .exitOverride()
    .configureOutput({ writeOut: (part) => text.push(part), writeErr: () => undefined });
  const given = [...environmentArguments(command, environment), ...argv];
  try {
    command.parse(given, { from: 'user' });
  } catch (error) {
    if (isHelp(error)) return { kind: 'text', text: text.join('') };
    const message = error instanceof Error ? error.message.replace(/^error: /, '') : String(error);
    throw new StartError(`${message}\nRun "${commandOf(script)} --help" to see every option.`, { cause: error });
  }
  return { kind: 'options', options: { ...defaultStartOptions[script], ...command.opts<Partial<StartOptions>>() } };
}

function createCommand(script: ScriptName): Command {
  const defaults = defaultStartOptions[script];
  const speeds = 'how long things take: as in Azure, about a second, or no time';
  const faults = 'what goes wrong: profiles or JSON files, comma-separated';
  const backend = 'how the durable backend behaves: without what comes by chance, or as unkind as the real one';
  const command = new Command(commandOf(script))
    .description(DESCRIPTIONS[script])
    .option('--port <number>', 'of the Functions host', parsePort, defaults.port)
    .option('--arm-port <number>', 'of the ARM emulator (TLS)', parsePort, defaults.armPort)
    .option('--data-dir <directory>', 'where all state is kept', parseDirectory, defaults.dataDir)
    .option('--fresh', 'empties the data directory first', defaults.fresh)
    .addOption(choice('--profile <name>', speeds, ['realistic', 'fast', 'instant'], defaults.profile))
    .option('--faults <names or files>', faults, defaults.faults)
    .option('--seed <number>', 'repeats the same random choices', parseSeed, defaults.seed)
    .addHelpText('after', `\n${listProfiles()}`)
    .addHelpText('after', `\nThe environment is read too: ${ENVIRONMENT_PREFIX}ARM_PORT is --arm-port, and so on.`)
    .showSuggestionAfterError(true)
    .allowExcessArguments(false);
  if (script === 'start:func') return command;
  return command
    .addOption(choice('--auth <mode>', 'whether keys are enforced as in Azure', ['off', 'on'], defaults.auth))
    .addOption(choice('--platform <name>', backend, PLATFORM_NAMES, defaults.platform));
}

/** On lines that a terminal of 80 columns holds. */
function listProfiles(): string {
  const lines = ['Fault profiles (docs/faults.md says what each does):'];
  for (const name of Object.keys(faultProfiles)) {
    const longer = `${lines.at(-1)} ${name}`;
    if (lines.length > 1 && longer.length <= HELP_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(`  ${name}`);
  }
  return lines.join('\n');
}

const HELP_COLUMNS = 80;

const DESCRIPTIONS: Readonly<Record<ScriptName, string>> = {
  start: 'Runs the whole product on this machine: the Functions host with the app, and Azure as the app sees it.',
  'start:func':
    'Runs the app on Azure Functions Core Tools (the command func), with Azurite for storage and Azure as the app sees it.',
};

function commandOf(script: ScriptName): string {
  return script === 'start' ? 'npm start --' : `npm run ${script} --`;
}

function choice(flags: string, description: string, choices: readonly string[], value: string): Option {
  return new Option(flags, description).choices(choices).default(value);
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

/** An empty one, as of a variable that is not set, would be the directory that one stands in. */
function parseDirectory(value: string): string {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('A directory has a name; that of where you are is a dot.');
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (/^\d{1,15}$/.test(value) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('A seed is a whole number from 0 up, of at most 15 digits.');
}

function isHelp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'commander.helpDisplayed';
}
