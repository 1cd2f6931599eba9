import { z } from 'zod';
import { defined } from './domain/defined.ts';
import { MAX_LAST_LINES, STANDARD_LAST_LINES } from './domain/inspect/last-lines.ts';
import type { CreationPolicy } from './domain/spec/creation-policy.ts';
import { DELETIONS_PER_FIVE_MINUTES } from './domain/sweep/pace.ts';
import { longestDeadlineMs } from './domain/group/provisioning.ts';
import { parseSealingKeys, type SealingKey } from './domain/sealing-key.ts';
import { orphanPolicySchema, type OrphanPolicy } from './domain/reconcile/settlement.ts';
import { durationMs } from './domain/time.ts';

/** The app's settings, parsed. */
export interface Config {
  subscriptionId: string;
  /** Undefined: ARM of the public cloud. */
  armEndpoint?: string;
  sweepIntervalMs: number;
  reconcileIntervalMs: number;
  inspectIntervalMs: number;
  /** How many lines of its log the end of a container is kept with. */
  lastLines: number;
  /** The installation, as its resources name it; undefined: it has no name, and claims no resource that it does not know. */
  owner?: string;
  /** What becomes of a resource of the installation that it does not know. */
  orphanPolicy: OrphanPolicy;
  deletionsPerFiveMinutes: number;
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  sessionsStaleAfterMs: number;
  /** How long a creation that left nothing in Azure is kept to be looked at. */
  failedCreationRetentionMs: number;
  /** How long any other failed group is kept to be looked at: Azure bills it until it is deleted. */
  failedRetentionMs: number;
  historyRetentionMs: number;
  /** What every URL that we hand out begins with, without a slash at its end. */
  publicUrl: string;
  /** Where containers report. */
  setSessionsUrl: string;
  /** Newest first. */
  sealingKeys: [SealingKey, ...SealingKey[]];
  creationPolicy: CreationPolicy;
  /** Undefined: a container's token is good as long as its group. */
  tokenRotationMs?: number;
  tokenGraceMs: number;
  easyAuth: boolean;
  publicList: boolean;
  keylessStatusUrls: boolean;
}

/** An ISO 8601 duration between two bounds, given as durations too. */
const duration = (minimum: string, maximum: string, example: string) =>
  parsed(
    durationMs,
    (ms) => ms >= (durationMs(minimum) ?? 0) && ms <= (durationMs(maximum) ?? 0),
    `an ISO 8601 duration in days, hours, minutes and seconds from ${minimum} to ${maximum}, such as ${example}`,
  );

const list = parsed(
  (text) => text.split(',').map((item) => item.trim()),
  (items) => items.every((item) => item !== ''),
  'a list with commas between its items',
);

const FLAGS = new Map([
  ['true', true],
  ['false', false],
]);

const flag = parsed(
  (text) => FLAGS.get(text.toLowerCase()),
  () => true,
  'true or false',
);

const ceiling = (expected: string) =>
  parsed(
    (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined),
    (value) => value > 0,
    expected,
  );

const count = ceiling('a whole number above 0').refine(Number.isInteger, { error: 'a whole number above 0' });

const countFrom = (minimum: number) =>
  parsed(
    (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
    (value) => value >= minimum,
    `a whole number from ${minimum}`,
  );

/** A setting that is text and stands for something else. */
function parsed<T>(parse: (text: string) => T | undefined, isGood: (value: T) => boolean, expected: string) {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value === undefined || !isGood(value)) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return value;
  });
}

const httpsUrl = z.url({ protocol: /^https$/, error: 'an https URL' }).transform((url) => url.replace(/\/+$/, ''));

/** Over plain http a token could be read on the way, but not on the way to the own machine. */
const publicUrl = parsed(
  (text) => URL.parse(text) ?? undefined,
  ({ protocol, hostname, username, password, search, hash }) =>
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) &&
    [username, password, search, hash].every((part) => part === ''),
  'an https URL without a query, or an http one of localhost',
).transform((url) => url.href.replace(/\/+$/, ''));

const guid = z.guid({ error: 'the id of a subscription, a GUID' });

const SEALING_KEYS_EXPECTED =
  'id:key, or id:key,id:key with the newest first, each key 32 bytes in base64; for a new one: openssl rand -base64 32';

/** Every setting of the app, with what it must look like. The table in the README says what each is for. */
const settings = z.object({
  AZURE_SUBSCRIPTION_ID: guid,
  ACI_ARM_ENDPOINT: httpsUrl.optional(),
  ACI_SWEEP_INTERVAL: duration('PT5S', 'P1D', 'PT5M').prefault('PT5M'),
  ACI_RECONCILE_INTERVAL: duration('PT1M', 'P1D', 'PT5M').prefault('PT5M'),
  ACI_INSPECT_INTERVAL: duration('PT5S', 'PT1H', 'PT5M').prefault('PT5M'),
  ACI_LAST_LINES: countFrom(0)
    .refine((lines) => lines <= MAX_LAST_LINES, { error: `a whole number up to ${MAX_LAST_LINES}` })
    .prefault(String(STANDARD_LAST_LINES)),
  ACI_OWNER: z
    .string()
    .regex(/^[\w.-]{1,128}$/, { error: '1 to 128 letters, digits, dots, hyphens and underscores' })
    .optional(),
  ACI_ORPHANS: z.enum(orphanPolicySchema.enum, { error: 'adopt, report or delete' }).prefault('adopt'),
  // Fewer at a time would make the history of a page long.
  ACI_DELETIONS_PER_FIVE_MINUTES: countFrom(10).prefault(String(DELETIONS_PER_FIVE_MINUTES)),
  ACI_POLL_INTERVAL: duration('PT1S', 'PT10M', 'PT10S').prefault('PT10S'),
  // ACI itself gives a provisioning up after 30 minutes (provisioningTimeoutInSeconds: 1800 in its answers).
  ACI_PROVISIONING_DEADLINE: duration('PT10S', 'PT6H', 'PT30M').prefault('PT30M'),
  ACI_SESSIONS_STALE_AFTER: duration('PT1M', 'P30D', 'P1D').prefault('P1D'),
  ACI_FAILED_CREATION_RETENTION: duration('PT10S', 'P30D', 'PT10M').prefault('PT10M'),
  ACI_FAILED_RETENTION: duration('PT1M', 'P30D', 'PT1H').prefault('PT1H'),
  ACI_HISTORY_RETENTION: duration('PT1H', 'P365D', 'P7D').prefault('P7D'),
  ACI_SEALING_KEYS: parsed(parseSealingKeys, () => true, SEALING_KEYS_EXPECTED),
  ACI_TOKEN_ROTATION: duration('PT1M', 'P365D', 'P1D').optional(),
  ACI_TOKEN_GRACE: duration('PT1M', 'P30D', 'PT1H').prefault('PT1H'),
  ACI_ALLOWED_RESOURCE_GROUPS: list.optional(),
  ACI_ALLOWED_REGIONS: list.optional(),
  ACI_ALLOWED_REGISTRIES: list.optional(),
  ACI_MAX_CPU: ceiling('a number above 0').optional(),
  ACI_MAX_MEMORY_GB: ceiling('a number above 0').optional(),
  ACI_MAX_CONTAINERS: count.optional(),
  ACI_MAX_GROUPS: count.optional(),
  ACI_ALLOW_IDENTITY: flag.prefault('false'),
  ACI_ALLOW_SUBNET: flag.prefault('false'),
  ACI_EASY_AUTH: flag.prefault('false'),
  ACI_PUBLIC_LIST: flag.prefault('false'),
  ACI_KEYLESS_STATUS_URLS: flag.prefault('false'),
  ACI_PUBLIC_URL: publicUrl,
  ACI_SET_SESSIONS_URL: z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
});

/** The setting of the 2018 project that AZURE_SUBSCRIPTION_ID replaces. */
const SUBSCRIPTION_ALIAS = 'SUBSCRIPTIONID';

/** Settings that the app can't serve with: a line for each, with its name and what it should be. */
export class BadSettingsError extends Error {
  readonly settings: readonly string[];

  constructor(bad: readonly string[]) {
    super(`The app can't start with these settings:\n${bad.map((each) => `  ${each}`).join('\n')}`);
    this.settings = bad;
  }
}

/**
 * Parses the app's settings. Throws one `BadSettingsError` that names every bad setting and what it should be; a value is never
 * shown, since a secret may have been put into the wrong one. A setting with our prefix that we do not know is an error too: it is
 * a misspelt one whose default would be taken without a word.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const subscription = given['AZURE_SUBSCRIPTION_ID'] ?? given[SUBSCRIPTION_ALIAS];
  const publicAddress = given['ACI_PUBLIC_URL'] ?? urlOfPlatform(given);
  const result = settings.safeParse({
    ...given,
    AZURE_SUBSCRIPTION_ID: subscription,
    ACI_PUBLIC_URL: publicAddress,
  });
  const unknown = Object.keys(given).filter((name) => /^ACI_(?!LOCAL_)/.test(name) && !(name in settings.shape));
  const faults = [
    ...(result.error?.issues ?? []).map(
      ({ code, path, message }) =>
        `${path.join('.')}: ${code === 'invalid_type' ? 'it is missing' : `expected ${message}`}`,
    ),
    ...unknown.map((name) => `${name}: there is no such setting`),
    ...(result.data !== undefined && looksTooOften(result.data) ? [LOOKS_TOO_OFTEN] : []),
    ...(result.data?.ACI_EASY_AUTH === true && !isAuthenticationOn(given) ? [EASY_AUTH_WITHOUT_PLATFORM] : []),
  ];
  if (!result.success || faults.length > 0) {
    throw new BadSettingsError(faults);
  }
  return toConfig(result.data);
}

/**
 * Where the platform says that it serves the app: `localhost:7071` under Core Tools, which speak http, the name of the site on App
 * Service, which speaks https (https://learn.microsoft.com/azure/app-service/reference-app-settings).
 */
function urlOfPlatform(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const host = environment['WEBSITE_HOSTNAME'];
  if (host === undefined) {
    return undefined;
  }
  return `${isLoopback(URL.parse(`http://${host}`)?.hostname ?? '') ? 'http' : 'https'}://${host}`;
}

function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/**
 * App Service removes a principal header that a caller made up only while its authentication is on, and says so in a variable
 * that it sets itself (https://learn.microsoft.com/azure/app-service/reference-app-settings).
 */
function isAuthenticationOn(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true';
}

const EASY_AUTH_WITHOUT_PLATFORM =
  'ACI_EASY_AUTH: the authentication of App Service is off, so that anybody could claim any role; turn it on first';

/** Every look is a read of ARM and some rows of a history, for each group that hangs. */
function looksTooOften(values: z.infer<typeof settings>): boolean {
  return values.ACI_PROVISIONING_DEADLINE > longestDeadlineMs(values.ACI_POLL_INTERVAL);
}

const LOOKS_TOO_OFTEN = `ACI_POLL_INTERVAL, ACI_PROVISIONING_DEADLINE: expected a deadline of at most ${longestDeadlineMs(1)} poll intervals; raise the interval or shorten the deadline`;

function toConfig(values: z.infer<typeof settings>): Config {
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    ...defined({ armEndpoint: values.ACI_ARM_ENDPOINT }),
    sweepIntervalMs: values.ACI_SWEEP_INTERVAL,
    reconcileIntervalMs: values.ACI_RECONCILE_INTERVAL,
    inspectIntervalMs: values.ACI_INSPECT_INTERVAL,
    lastLines: values.ACI_LAST_LINES,
    ...defined({ owner: values.ACI_OWNER }),
    orphanPolicy: values.ACI_ORPHANS,
    deletionsPerFiveMinutes: values.ACI_DELETIONS_PER_FIVE_MINUTES,
    pollIntervalMs: values.ACI_POLL_INTERVAL,
    provisioningDeadlineMs: values.ACI_PROVISIONING_DEADLINE,
    sessionsStaleAfterMs: values.ACI_SESSIONS_STALE_AFTER,
    failedCreationRetentionMs: values.ACI_FAILED_CREATION_RETENTION,
    failedRetentionMs: values.ACI_FAILED_RETENTION,
    historyRetentionMs: values.ACI_HISTORY_RETENTION,
    publicUrl: values.ACI_PUBLIC_URL,
    setSessionsUrl: values.ACI_SET_SESSIONS_URL ?? `${values.ACI_PUBLIC_URL}/api/ACIReport`,
    sealingKeys: values.ACI_SEALING_KEYS,
    creationPolicy: {
      ...defined({
        resourceGroups: values.ACI_ALLOWED_RESOURCE_GROUPS,
        regions: values.ACI_ALLOWED_REGIONS,
        registries: values.ACI_ALLOWED_REGISTRIES,
        maxCpu: values.ACI_MAX_CPU,
        maxMemoryInGB: values.ACI_MAX_MEMORY_GB,
        maxContainers: values.ACI_MAX_CONTAINERS,
        maxGroups: values.ACI_MAX_GROUPS,
      }),
      allowIdentity: values.ACI_ALLOW_IDENTITY,
      allowSubnet: values.ACI_ALLOW_SUBNET,
    },
    ...defined({ tokenRotationMs: values.ACI_TOKEN_ROTATION }),
    tokenGraceMs: values.ACI_TOKEN_GRACE,
    easyAuth: values.ACI_EASY_AUTH,
    publicList: values.ACI_PUBLIC_LIST,
    keylessStatusUrls: values.ACI_KEYLESS_STATUS_URLS,
  };
}
