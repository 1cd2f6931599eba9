import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const needed = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `one:${KEY}`,
  WEBSITE_HOSTNAME: 'games.azurewebsites.net',
};

function messageOf(environment: Record<string, string | undefined>): string {
  try {
    parseConfig({ ...needed, ...environment });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
}

describe('settings', () => {
  test('have defaults for all but the subscription and the sealing keys', () => {
    const config = parseConfig(needed);
    expect(config).toMatchObject({
      subscriptionId: needed.AZURE_SUBSCRIPTION_ID,
      sweepIntervalMs: 300_000,
      deletionsPerFiveMinutes: 100,
      pollIntervalMs: 10_000,
      provisioningDeadlineMs: 1_800_000,
      sessionsStaleAfterMs: 86_400_000,
      failedCreationRetentionMs: 600_000,
      historyRetentionMs: 604_800_000,
      tokenGraceMs: 3_600_000,
      creationPolicy: { allowIdentity: false, allowSubnet: false },
      easyAuth: false,
      publicList: false,
      keylessStatusUrls: false,
      publicUrl: 'https://games.azurewebsites.net',
      setSessionsUrl: 'https://games.azurewebsites.net/api/ACIReport',
    });
    for (const name of ['armEndpoint', 'tokenRotationMs']) {
      expect(config).not.toHaveProperty(name);
    }
  });

  test('are taken as they are given', () => {
    const config = parseConfig({
      ...needed,
      ACI_SWEEP_INTERVAL: 'PT30S',
      ACI_DELETIONS_PER_FIVE_MINUTES: '3000',
      ACI_ARM_ENDPOINT: 'https://management.usgovcloudapi.net/',
      ACI_SET_SESSIONS_URL: 'https://games.example.com/api/ACIReport/',
      ACI_ALLOWED_REGIONS: 'westeurope, North Europe',
      ACI_MAX_CPU: '1.5',
      ACI_MAX_GROUPS: '20',
      ACI_ALLOW_SUBNET: 'True',
      ACI_PUBLIC_LIST: 'true',
    });
    expect(config).toMatchObject({
      sweepIntervalMs: 30_000,
      deletionsPerFiveMinutes: 3_000,
      armEndpoint: 'https://management.usgovcloudapi.net',
      setSessionsUrl: 'https://games.example.com/api/ACIReport',
      creationPolicy: { regions: ['westeurope', 'North Europe'], maxCpu: 1.5, maxGroups: 20, allowSubnet: true },
      publicList: true,
    });
  });

  test('may be empty, which is as good as absent', () => {
    expect(parseConfig({ ...needed, ACI_SWEEP_INTERVAL: '', ACI_MAX_CPU: undefined }).sweepIntervalMs).toBe(300_000);
  });

  test('take the subscription under the name of the 2018 project, too', () => {
    const { AZURE_SUBSCRIPTION_ID, ...others } = needed;
    expect(parseConfig({ ...others, SUBSCRIPTIONID: AZURE_SUBSCRIPTION_ID }).subscriptionId).toBe(
      AZURE_SUBSCRIPTION_ID,
    );
  });

  test('of the platform and of the local stack are none of our business', () => {
    expect(messageOf({ WEBSITE_SITE_NAME: 'app', ACI_LOCAL_PORT: '7071' })).toBe('no error');
  });
});

describe('the public URL', () => {
  test.each([
    { ACI_PUBLIC_URL: 'https://games.example.com/prod/', publicUrl: 'https://games.example.com/prod' },
    { ACI_PUBLIC_URL: 'http://localhost:8080', publicUrl: 'http://localhost:8080' },
    { ACI_PUBLIC_URL: '', publicUrl: 'https://games.azurewebsites.net' },
    { WEBSITE_HOSTNAME: 'localhost:7071', publicUrl: 'http://localhost:7071' },
    { WEBSITE_HOSTNAME: '127.0.0.1:7071', publicUrl: 'http://127.0.0.1:7071' },
    { WEBSITE_HOSTNAME: '127.0.0.1.example.com', publicUrl: 'https://127.0.0.1.example.com' },
  ])('is its setting, else what the platform is called: $publicUrl', ({ publicUrl, ...given }) => {
    const config = parseConfig({ ...needed, ...given });
    expect(config.publicUrl).toBe(publicUrl);
    expect(config.setSessionsUrl).toBe(`${publicUrl}/api/ACIReport`);
  });

  test.each([
    'http://games.example.com',
    'http://127.0.0.1.example.com',
    'https://games.example.com/?a=b',
    'https://games.example.com/#a',
    'https://user:hunter2@games.example.com',
    'games.example.com',
  ])('is refused where tokens could be read on the way, or where it is none: %s', (url) => {
    const message = messageOf({ ACI_PUBLIC_URL: url });
    expect(message).toMatch(/ACI_PUBLIC_URL: expected an https URL without a query, or an http one of localhost$/);
    expect(message).not.toContain('hunter2');
  });

  test('is missing where neither its setting nor the platform says it', () => {
    expect(messageOf({ WEBSITE_HOSTNAME: undefined })).toMatch(/ {2}ACI_PUBLIC_URL: it is missing$/);
  });
});

describe('a bad setting', () => {
  test.each([
    ['AZURE_SUBSCRIPTION_ID', 'mine', /expected the id of a subscription/],
    ['ACI_SWEEP_INTERVAL', '5 minutes', /from PT5S to P1D, such as PT5M/],
    ['ACI_SWEEP_INTERVAL', 'PT4S', /from PT5S to P1D/],
    ['ACI_SWEEP_INTERVAL', 'P2D', /from PT5S to P1D/],
    ['ACI_ARM_ENDPOINT', 'http://management.azure.com', /an https URL/],
    ['ACI_SET_SESSIONS_URL', 'ftp://example.com', /an http or https URL/],
    ['ACI_SEALING_KEYS', 'one:short', /openssl rand -base64 32/],
    ['ACI_ALLOWED_REGIONS', 'westeurope,', /a list with commas/],
    ['ACI_LAST_LINES', '21', /a whole number up to 20$/m],
    ['ACI_LAST_LINES', '-1', /a whole number from 0$/m],
    ['ACI_INSPECT_INTERVAL', 'PT2H', /from PT5S to PT1H/],
    ['ACI_DELETIONS_PER_FIVE_MINUTES', '9', /a whole number from 10$/m],
    ['ACI_DELETIONS_PER_FIVE_MINUTES', '1e3', /a whole number from 10$/m],
    ['ACI_MAX_CPU', '-1', /a number above 0/],
    ['ACI_MAX_CPU', '0', /a number above 0/],
    ['ACI_MAX_CPU', '0x10', /a number above 0/],
    ['ACI_MAX_CONTAINERS', '1.5', /a whole number above 0/],
    ['ACI_EASY_AUTH', 'yes', /true or false/],
    ['ACI_EASY_AUTH', 'constructor', /true or false/],
  ])('%s=%s is refused, and what is expected is said', (name, value, expected) => {
    const message = messageOf({ [name]: value });
    expect(message).toContain(`  ${name}: `);
    expect(message).toMatch(expected);
  });

  test('is named with every other one at once, and no value is shown', () => {
    const message = messageOf({ ACI_POLL_INTERVAL: 'hunter2', ACI_EASY_AUTH: 'hunter2', ACI_MAX_CPU: 'hunter2' });
    expect(message.split('\n')).toHaveLength(4);
    expect(message).not.toContain('hunter2');
  });

  test('that is missing is said to be', () => {
    expect(messageOf({ AZURE_SUBSCRIPTION_ID: undefined, ACI_SEALING_KEYS: '' })).toMatch(
      /AZURE_SUBSCRIPTION_ID: it is missing\n {2}ACI_SEALING_KEYS: it is missing/,
    );
  });

  test('that we do not know is a misspelt one', () => {
    expect(messageOf({ ACI_SWEEP_INTERVALL: 'PT5M' })).toMatch(/ACI_SWEEP_INTERVALL: there is no such setting/);
  });
});
