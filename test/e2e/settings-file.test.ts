import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type HostProcess, makeTemporaryDirectory, startHostProcess } from '../conformance/host/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const GOOD = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  ACI_SEALING_KEYS: `test:${Buffer.alloc(32).toString('base64')}`,
};

/** The app beside a settings file of the test's own; a developer's is not touched. Rejects when the host can't start. */
async function startBeside(settingsFile: string): Promise<HostProcess> {
  const directory = makeTemporaryDirectory();
  for (const linked of ['src', 'node_modules']) {
    await symlink(join(ROOT, linked), join(directory, linked));
  }
  for (const copied of ['package.json', 'host.json']) {
    await copyFile(join(ROOT, copied), join(directory, copied));
  }
  await writeFile(join(directory, 'local.settings.json'), settingsFile);
  return startHostProcess(directory);
}

/** All that the host and the app have to say of a settings file: why there is no host, or how the app is and what it printed. */
async function startWith(settingsFile: string): Promise<string> {
  try {
    await using host = await startBeside(settingsFile);
    const health = await fetch(`${host.origin}/api/health`);
    return `${health.status} ${await health.text()}\n${host.output()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const badSettings = z.strictObject({ status: z.literal('badSettings'), settings: z.array(z.string()) });

const withValues = (values: object) => JSON.stringify({ IsEncrypted: false, Values: { ...GOOD, ...values } });

test('the app starts with the settings of its settings file', async () => {
  expect(await startWith(withValues({ ACI_SWEEP_INTERVAL: 'PT1M' }))).toMatch(/^200 /);
});

test.each([
  { says: 'no JSON', file: '{ "Values": {', expected: 'local.settings.json' },
  { says: 'a list for a value', file: withValues({ ACI_SWEEP_INTERVAL: ['PT1M'] }), expected: 'local.settings.json' },
])('a settings file with $says is named, and its values are not', async ({ file, expected }) => {
  const said = await startWith(file);
  expect(said).toContain(expected);
  expect(said).not.toContain('hunter2');
});

test('with bad settings the app has health alone, which names every one at once, as the log does, and no value', async () => {
  await using host = await startBeside(
    withValues({
      ACI_SWEEP_INTERVAL: 'hunter2',
      ACI_POLL_INTERVAL: 'PT0.1S',
      ACI_SWEEP_INTERVALL: 'PT1M',
      AZURE_SUBSCRIPTION_ID: 'hunter2',
      ACI_EASY_AUTH: 'hunter2',
    }),
  );
  const health = await fetch(`${host.origin}/api/health`);
  expect(health.status).toBe(503);
  expect(health.headers.get('x-request-id')).not.toBeNull();
  const named = [
    'ACI_SWEEP_INTERVAL: expected an ISO 8601 duration in days, hours, minutes and seconds from PT5S to P1D, such as PT5M',
    'ACI_POLL_INTERVAL: expected an ISO 8601 duration in days, hours, minutes and seconds from PT1S to PT10M',
    'ACI_SWEEP_INTERVALL: there is no such setting',
    'AZURE_SUBSCRIPTION_ID: expected the id of a subscription, a GUID',
    'ACI_EASY_AUTH: expected',
  ];
  const { settings } = badSettings.parse(await health.json());
  expect(settings).toHaveLength(named.length);
  for (const each of named) {
    expect(settings).toContainEqual(expect.stringContaining(each));
    await expect.poll(() => host.output()).toContain(each);
  }
  expect(`${settings.join('\n')}${host.output()}`).not.toContain('hunter2');
  const functions = await (await fetch(`${host.origin}/admin/functions`)).json();
  expect(functions).toMatchObject([{ name: 'health' }]);
});
