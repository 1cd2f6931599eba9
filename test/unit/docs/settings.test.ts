import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../../src/config.ts';
import { readPage, REPOSITORY, tableRows } from './markdown.ts';

// What the Functions runtime reads, not the app (https://learn.microsoft.com/azure/azure-functions/functions-app-settings).
const PLATFORM_SETTINGS = new Set(['AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME']);

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

function settingsOfConfig(): string[] {
  return settingNames(readFileSync(join(REPOSITORY, 'src/config.ts'), 'utf8'));
}

/** The app's own settings begin with ACI_; the two names of the subscription are the exception. ACI_LOCAL_ is the local stack's. */
function settingNames(text: string): string[] {
  return text.match(/\b(?:ACI_(?!LOCAL_)[A-Z_]*[A-Z]|AZURE_SUBSCRIPTION_ID|SUBSCRIPTIONID)\b/g) ?? [];
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
