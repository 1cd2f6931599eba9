import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('every bad setting of a file is named at once, whatever is bad about it, and no value is', async () => {
  const said = await startWith(
    withValues({
      ACI_SWEEP_INTERVAL: 'hunter2',
      ACI_POLL_INTERVAL: 'PT0.1S',
      ACI_SWEEP_INTERVALL: 'PT1M',
      AZURE_SUBSCRIPTION_ID: 'hunter2',
      ACI_EASY_AUTH: 'hunter2',
    }),
  );
  for (const expected of [
    'ACI_SWEEP_INTERVAL: expected an ISO 8601 duration',
    'ACI_POLL_INTERVAL: expected an ISO 8601 duration in days, hours, minutes and seconds from PT1S to PT10M',
    'ACI_SWEEP_INTERVALL: there is no such setting',
    'AZURE_SUBSCRIPTION_ID: expected the id of a subscription, a GUID',
    'ACI_EASY_AUTH: expected',
  ]) {
    expect(said).toContain(expected);
  }
  expect(said).not.toContain('hunter2');
});

test('with a bad setting the app has health alone, which names the setting, as the log does, and no value', async () => {
  await using host = await startBeside(withValues({ ACI_SWEEP_INTERVAL: 'hunter2' }));
  const health = await fetch(`${host.origin}/api/health`);
  const expected = 'an ISO 8601 duration in days, hours, minutes and seconds from PT5S to P1D, such as PT5M';
  expect(health.status).toBe(503);
  expect(health.headers.get('x-request-id')).not.toBeNull();
  expect(await health.json()).toEqual({
    status: 'badSettings',
    settings: [`ACI_SWEEP_INTERVAL: expected ${expected}`],
  });
  await expect.poll(() => host.output()).toContain(`ACI_SWEEP_INTERVAL: expected ${expected}`);
  const functions = await (await fetch(`${host.origin}/admin/functions`)).json();
  expect(functions).toMatchObject([{ name: 'health' }]);
});
