import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../../src/config.ts';
import { durationMs } from '../../../src/domain/time.ts';
import { readPage, REPOSITORY, tableRows } from './markdown.ts';

// What the Functions runtime reads, not the app (https://learn.microsoft.com/azure/azure-functions/functions-app-settings).
const PLATFORM_SETTINGS = new Set(['AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME']);

const needed = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `one:${Buffer.alloc(32, 7).toString('base64')}`,
  WEBSITE_HOSTNAME: 'games.azurewebsites.net',
};

describe('the settings of src/config.ts', () => {
  test('are in the settings table of the README, all of them and no others', () => {
    const documented = tableRows(readPage('README.md'), /setting/i).flatMap((cells) => settingNames(cells.join(' ')));
    expect(sorted(documented)).toEqual(sorted(settingsOfConfig()));
  });

  test('are the ones that local.settings.sample.json shows, with values that the app takes', () => {
    const { Values: values } = z
      .object({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(REPOSITORY, 'local.settings.sample.json'), 'utf8')));
    const shown = Object.keys(values).filter((name) => !PLATFORM_SETTINGS.has(name));
    expect(sorted(shown)).toEqual(sorted(settingsOfConfig().filter((name) => name !== 'SUBSCRIPTIONID')));
    expect(() => parseConfig(values)).not.toThrow();
  });
});

describe.each(['README.md', 'docs/operations.md'])('the settings table of %s', (page) => {
  const documented = tableRows(readPage(page), /^Setting$/).flatMap(([cell = '', defaults = '']) => {
    const names = settingNames(cell);
    const each = defaults.split(', ');
    return names.map((name, index) => ({ name, standard: (each.length === names.length && each[index]) || defaults }));
  });
  const values = documented.flatMap(({ name, standard }) =>
    codeOf(standard)
      .filter((value) => !value.startsWith('ACI'))
      .map((value) => ({ name, value })),
  );

  test('has a default for every setting, for most of them a value', () => {
    expect(documented.filter(({ standard }) => standard === '')).toEqual([]);
    expect(values.length).toBeGreaterThan(10);
  });

  test.each(values)('tells the default of $name: $value', ({ name, value }) => {
    expect(parseConfig({ ...needed, [name]: value })).toEqual(parseConfig(needed));
  });

  test('tells which settings have nothing in them by default', () => {
    const nothing = documented.filter(({ standard }) => /^(?:all|none|never|(?:the )?public cloud)$/.test(standard));
    expect(nothing.length).toBeGreaterThan(5);
    const { creationPolicy, ...config } = parseConfig(needed);
    expect(creationPolicy).toEqual({ allowIdentity: false, allowSubnet: false });
    expect(config).not.toHaveProperty('tokenRotationMs');
    expect(config).not.toHaveProperty('armEndpoint');
  });
});

test('the README tells which settings are required', () => {
  const required = tableRows(readPage('README.md'), /^Setting$/).filter(([, standard]) => standard === 'required');
  expect(required.map(([cell = '']) => settingNames(cell)[0])).toEqual(['AZURE_SUBSCRIPTION_ID', 'ACI_SEALING_KEYS']);
  for (const name of ['AZURE_SUBSCRIPTION_ID', 'ACI_SEALING_KEYS']) {
    expect(() => parseConfig({ ...needed, [name]: undefined })).toThrow(`${name}: it is missing`);
  }
});

describe('the settings table of the operations guide', () => {
  const rows = tableRows(readPage('docs/operations.md'), /^Setting$/);
  const taken = (name: string, value: string) => () => parseConfig({ ...needed, [name]: value });
  const ranges = rows.flatMap(([name = '', , takes = '']) => {
    const [least, most] = codeOf(takes);
    return least === undefined || most === undefined ? [] : [{ name: codeOf(name)[0] ?? '', least, most }];
  });
  const counts = rows.flatMap(([name = '', , takes = '']) => {
    const least = /^whole, from (\d+)$/.exec(takes)?.[1];
    return least === undefined ? [] : [{ name: codeOf(name)[0] ?? '', least: Number(least) }];
  });

  test.each(ranges)('tells the range of $name, from $least to $most', ({ name, least, most }) => {
    expect(taken(name, least)).not.toThrow();
    expect(taken(name, most)).not.toThrow();
    expect(taken(name, secondsText(least, -1))).toThrow(name);
    expect(taken(name, secondsText(most, 1))).toThrow(name);
  });

  test.each(counts)('tells that $name is a whole number from $least', ({ name, least }) => {
    expect(taken(name, String(least))).not.toThrow();
    expect(taken(name, String(least - 1))).toThrow(name);
    expect(taken(name, `${least}.5`)).toThrow(name);
  });

  test('tells a range of every duration, and what each other setting takes', () => {
    const durations = settingNames(
      readConfig()
        .match(/^ {2}ACI_\w+: duration/gm)
        ?.join(' ') ?? '',
    );
    expect(ranges.map(({ name }) => name).toSorted()).toEqual(durations.toSorted());
    const flags = settingNames(
      readConfig()
        .match(/^ {2}ACI_\w+: flag/gm)
        ?.join(' ') ?? '',
    );
    const documented = rows.filter(([, , takes]) => takes === 'flag').flatMap(([name = '']) => codeOf(name));
    expect(documented.toSorted()).toEqual(flags.toSorted());
  });

  test('tells how many poll intervals the longest deadline has', () => {
    expect(readPage('docs/operations.md')).toContain('at most 6,000 times `ACI_POLL_INTERVAL`');
    const deadline = (seconds: number) => ({ ACI_POLL_INTERVAL: 'PT1S', ACI_PROVISIONING_DEADLINE: `PT${seconds}S` });
    expect(() => parseConfig({ ...needed, ...deadline(6_000) })).not.toThrow();
    expect(() => parseConfig({ ...needed, ...deadline(6_001) })).toThrow('ACI_PROVISIONING_DEADLINE');
  });
});

function settingsOfConfig(): string[] {
  return settingNames(readConfig());
}

function readConfig(): string {
  return readFileSync(join(REPOSITORY, 'src/config.ts'), 'utf8');
}

function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

/** A duration that is so much longer than another, in seconds. */
function secondsText(duration: string, moreSeconds: number): string {
  return `PT${(durationMs(duration) ?? Number.NaN) / 1000 + moreSeconds}S`;
}

/** The app's own settings begin with ACI_; the two names of the subscription are the exception. ACI_LOCAL_ is the local stack's. */
function settingNames(text: string): string[] {
  return text.match(/\b(?:ACI_(?!LOCAL_)[A-Z_]*[A-Z]|AZURE_SUBSCRIPTION_ID|SUBSCRIPTIONID)\b/g) ?? [];
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
