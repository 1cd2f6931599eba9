import { z } from 'zod';
import { durationMs } from './domain/time.ts';

/** The app's settings, parsed. */
export interface Config {
  subscriptionId: string;
  /** Undefined: ARM of the public cloud. */
  armEndpoint?: string;
  sweepIntervalMs: number;
  pollIntervalMs: number;
  provisioningDeadlineMs: number;
  sessionsStaleAfterMs: number;
  historyRetentionMs: number;
  /** Undefined: made from the origin of the request that creates the group. */
  setSessionsUrl?: string;
}

/** An ISO 8601 duration between two bounds, given in milliseconds. */
const duration = (minimum: string, maximum: string, standard: string) => {
  const expected = `an ISO 8601 duration in days, hours, minutes and seconds from ${minimum} to ${maximum}, such as ${standard}`;
  return z
    .string()
    .default(standard)
    .transform((text, context) => {
      const ms = durationMs(text);
      if (ms === undefined || ms < (durationMs(minimum) ?? 0) || ms > (durationMs(maximum) ?? 0)) {
        context.addIssue({ code: 'custom', message: expected });
        return z.NEVER;
      }
      return ms;
    });
};

const httpsUrl = z.url({ protocol: /^https$/, error: 'an https URL' }).transform((url) => url.replace(/\/+$/, ''));
const guid = z.guid({ error: 'the id of a subscription, a GUID' });

/** Every setting of the app, with what it must look like. The table in the README says what each is for. */
const settings = z.object({
  AZURE_SUBSCRIPTION_ID: guid,
  ACI_ARM_ENDPOINT: httpsUrl.optional(),
  ACI_SWEEP_INTERVAL: duration('PT5S', 'P1D', 'PT5M'),
  ACI_POLL_INTERVAL: duration('PT1S', 'PT10M', 'PT10S'),
  // ACI itself gives a provisioning up after 30 minutes (provisioningTimeoutInSeconds: 1800 in its answers).
  ACI_PROVISIONING_DEADLINE: duration('PT10S', 'PT6H', 'PT30M'),
  ACI_SESSIONS_STALE_AFTER: duration('PT1M', 'P30D', 'P1D'),
  ACI_HISTORY_RETENTION: duration('PT1H', 'P365D', 'P7D'),
  ACI_SET_SESSIONS_URL: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).optional(),
});

/** The setting of the 2018 project that AZURE_SUBSCRIPTION_ID replaces. */
const SUBSCRIPTION_ALIAS = 'SUBSCRIPTIONID';

/**
 * Parses the app's settings. Throws one error that names every bad setting and what it should be; a value is never shown,
 * since a secret may have been put into the wrong one. A setting with our prefix that we do not know is an error too: it is
 * a misspelt one whose default would be taken without a word.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const subscription = given['AZURE_SUBSCRIPTION_ID'] ?? given[SUBSCRIPTION_ALIAS];
  const parsed = settings.safeParse({ ...given, AZURE_SUBSCRIPTION_ID: subscription });
  const unknown = Object.keys(given).filter((name) => /^ACI_(?!LOCAL_)/.test(name) && !(name in settings.shape));
  const faults = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: expected ${message}`),
    ...unknown.map((name) => `${name}: there is no such setting`),
  ];
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The app can't start with these settings:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  return toConfig(parsed.data);
}

function toConfig(values: z.infer<typeof settings>): Config {
  return {
    subscriptionId: values.AZURE_SUBSCRIPTION_ID,
    ...(values.ACI_ARM_ENDPOINT === undefined ? {} : { armEndpoint: values.ACI_ARM_ENDPOINT }),
    sweepIntervalMs: values.ACI_SWEEP_INTERVAL,
    pollIntervalMs: values.ACI_POLL_INTERVAL,
    provisioningDeadlineMs: values.ACI_PROVISIONING_DEADLINE,
    sessionsStaleAfterMs: values.ACI_SESSIONS_STALE_AFTER,
    historyRetentionMs: values.ACI_HISTORY_RETENTION,
    ...(values.ACI_SET_SESSIONS_URL === undefined ? {} : { setSessionsUrl: values.ACI_SET_SESSIONS_URL }),
  };
}
