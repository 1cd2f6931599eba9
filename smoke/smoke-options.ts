import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** What a smoke test is asked to do. */
export interface SmokeOptions {
  /** Where the app answers, without a path: `https://func-aci-….azurewebsites.net`. */
  origin: string;
  /** Where container groups are made. */
  resourceGroup: string;
  location: string;
  /** Undefined: the standard image, whose command is ours. */
  image: string | undefined;
  /** None only where the app takes requests without one, on this machine. */
  credential: Credential | undefined;
  /** How long a container group may take to run, or to be gone. */
  patienceMinutes: number;
  /** Write down what was seen as what is expected from then on. */
  record: boolean;
}

/** What a request is allowed by: a function key, or a token of Entra ID where the app takes those instead. */
export interface Credential {
  kind: 'key' | 'token';
  value: string;
}

/** The command line is understood, there is only a text to show (help), or it is wrong. */
export type ParsedSmokeOptions =
  | { kind: 'options'; options: SmokeOptions }
  | { kind: 'text'; text: string }
  | { kind: 'wrong'; message: string };

/** Environment variables that hold what nobody should see in a list of processes or in a shell's history. */
const KEY_VARIABLE = 'SMOKE_KEY';
const TOKEN_VARIABLE = 'SMOKE_TOKEN';

/** A local stack takes every resource group. */
const LOCAL_RESOURCE_GROUP = 'games';

/** Reads the command line and the environment. Messages never show the key, nor an address that may hold one. */
export function parseSmokeOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedSmokeOptions {
  const text: string[] = [];
  const command = createCommand()
    .exitOverride()
    .configureOutput({ writeOut: (part) => text.push(part), writeErr: () => undefined });
  try {
    command.parse([...argv], { from: 'user' });
    return { kind: 'options', options: toOptions(command, environment) };
  } catch (error) {
    if (isHelp(error)) return { kind: 'text', text: text.join('') };
    if (!isOfCommander(error)) throw error;
    return {
      kind: 'wrong',
      message: `${withoutValues(error.message)}\nRun "npm run smoke -- --help" to see every option.`,
    };
  }
}

interface GivenOptions {
  resourceGroup?: string;
  location: string;
  image?: string;
  key?: string;
  patience: number;
  record: boolean;
}

function createCommand(): Command {
  return new Command('npm run smoke --')
    .description(
      'Runs the whole life of a container group against an app that runs, in Azure or on this machine, cleans up, and says what differs from the local stack.',
    )
    .argument('<url>', 'address of the app: the output baseUrl of the deployment')
    .option(
      '--resource-group <name>',
      `where container groups are made (on this machine: ${LOCAL_RESOURCE_GROUP})`,
      parseResourceGroup,
    )
    .option('--location <region>', 'region of the container groups', parseRegion, 'westeurope')
    .option(
      '--image <image>',
      "image of the container group; by default Azure's own aci-helloworld, which reports too",
      parseImage,
    )
    .option('--key <key>', `key of the role operator; better in ${KEY_VARIABLE}, where no list of processes shows it`)
    .option('--patience <minutes>', 'how long a container group may take to run, or to be gone', parseMinutes, 15)
    .option('--record', 'take what is seen on a local stack as what is expected (smoke/expected.json)', false)
    .addHelpText(
      'after',
      `\nThe key is read from ${KEY_VARIABLE}; a token of Entra ID, where the app takes those, from ${TOKEN_VARIABLE}.` +
        '\nTwo container groups of 1 vCPU and 1 GB are made, one after the other: some minutes, less than a cent.' +
        '\nIts sweeps also collect other groups of the app that are marked and empty, as any sweep does.' +
        '\nExit code: 0 all is well, 1 something failed, differs or was left behind, 2 the command line is wrong.',
    )
    .showSuggestionAfterError(true)
    .allowExcessArguments(false);
}

function toOptions(command: Command, environment: Readonly<Record<string, string | undefined>>): SmokeOptions {
  const given = command.opts<GivenOptions>();
  // Not by commander, whose message would show an address in which somebody left a key.
  const origin = parseOrigin(z.string().parse(command.processedArgs[0]));
  const isLocal = isOnThisMachine(origin);
  const credential = credentialOf(given, environment);
  if (credential === undefined && !isLocal) {
    throw new InvalidArgumentError(
      `No key: put the key of the role operator into ${KEY_VARIABLE} (a token of Entra ID into ${TOKEN_VARIABLE}). The deployment's output keyCommand prints a key; take 'operator' in it for 'matchmaker'.`,
    );
  }
  const resourceGroup = given.resourceGroup ?? (isLocal ? LOCAL_RESOURCE_GROUP : undefined);
  if (resourceGroup === undefined) {
    throw new InvalidArgumentError(
      "--resource-group is missing: the app may make container groups in those of the deployment's output targetResourceGroups, NAME-groups by default.",
    );
  }
  if (given.record && !isLocal) {
    throw new InvalidArgumentError('--record is for a local stack: what Azure answers is what is compared with it.');
  }
  const { location, image, patience: patienceMinutes, record } = given;
  return { origin, resourceGroup, location, image, credential, patienceMinutes, record };
}

function credentialOf(
  { key }: GivenOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Credential | undefined {
  const keyOrToken = [
    { kind: 'key', value: key, from: '--key' },
    { kind: 'key', value: environment[KEY_VARIABLE], from: KEY_VARIABLE },
    { kind: 'token', value: environment[TOKEN_VARIABLE], from: TOKEN_VARIABLE },
  ] as const;
  const found = keyOrToken.find(({ value }) => value !== undefined && value !== '');
  if (found?.value === undefined) return undefined;
  // A header takes no other characters; a key that was pasted with its quotes or a line end is the usual slip.
  if (!/^[!#-&(-~]+$/.test(found.value)) {
    throw new InvalidArgumentError(
      `What ${found.from} holds is no ${found.kind}: expected visible ASCII characters, without blanks and quotes.`,
    );
  }
  return { kind: found.kind, value: found.value };
}

function parseOrigin(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Expected an address such as https://func-aci-NAME.azurewebsites.net.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError(`Expected the address alone, without a key: put that into ${KEY_VARIABLE}.`);
  }
  if (!/^\/(?:api\/?)?$/.test(url.pathname)) {
    throw new InvalidArgumentError('Expected the address without a path, such as https://HOST.');
  }
  if (url.protocol !== 'https:' && !isOnThisMachine(url.origin)) {
    throw new InvalidArgumentError('Expected https, since a key is sent: http is for this machine alone.');
  }
  return url.origin;
}

/** Whether an address is one of the loopback, where a local stack listens. */
export function isOnThisMachine(origin: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname);
}

/** ASCII alone, as the app takes them (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules). */
function parseResourceGroup(given: string): string {
  if (/^[\w.()-]{1,90}$/.test(given) && !given.endsWith('.')) return given;
  throw new InvalidArgumentError('Expected the name of a resource group, and not its id.');
}

function parseRegion(given: string): string {
  if (/^[a-z][a-z\d ]{1,62}$/i.test(given)) return given;
  throw new InvalidArgumentError('Expected the name of a region, such as westeurope.');
}

function parseImage(given: string): string {
  if (/^[!-~]{1,500}$/.test(given)) return given;
  throw new InvalidArgumentError('Expected an image, such as myregistry.azurecr.io/game:1.');
}

function parseMinutes(given: string): number {
  const minutes = Number(given);
  if (/^\d{1,3}$/.test(given) && minutes >= 1 && minutes <= 360) return minutes;
  throw new InvalidArgumentError('Expected whole minutes from 1 to 360.');
}

/** The words of commander show what was given, in which a key may be: behind a misspelt option, or where none belongs. */
function withoutValues(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/(unknown option '[^'=]*)=.*'/, "$1'")
    .replace(/(too many arguments\. Expected 1 argument but got \d+): .*/, '$1.');
}

function isHelp(error: unknown): boolean {
  return isOfCommander(error) && error.code === 'commander.helpDisplayed';
}

function isOfCommander(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('commander.')
  );
}
