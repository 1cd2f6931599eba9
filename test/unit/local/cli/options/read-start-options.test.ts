import { describe, expect, test } from 'vitest';
import { faultProfiles } from '../../../../../local/arm/faults/fault-profiles.ts';
import { readStartOptions } from '../../../../../local/cli/options/read-start-options.ts';
import {
  defaultStartOptions,
  type ScriptName,
  type StartOptions,
} from '../../../../../local/cli/options/start-options.ts';

async function optionsOf(argv: string[], environment: Record<string, string> = {}): Promise<StartOptions> {
  const parsed = await readStartOptions(argv, environment, 'start');
  if (parsed.kind !== 'options') throw new Error(parsed.text);
  return parsed.options;
}

async function helpOf(script: ScriptName): Promise<string> {
  const parsed = await readStartOptions(['--help'], {}, script);
  return parsed.kind === 'text' ? parsed.text : '';
}

test('without arguments the defaults hold, with or without the parser', async () => {
  const defaults = {
    port: 7071,
    armPort: 7443,
    dataDir: '.local',
    fresh: false,
    profile: 'realistic',
    faults: 'none',
    seed: 1,
    auth: 'off',
    platform: 'gentle',
  };
  expect(defaultStartOptions.start).toEqual(defaults);
  expect(await optionsOf([])).toEqual(defaults);
  expect(await optionsOf(['--seed', '1'])).toEqual(defaults);
});

test('every option can be given as an argument', async () => {
  const argv =
    '--port 1 --arm-port 0 --data-dir x --fresh --profile fast --faults a,b --seed 99 --auth on --platform azure-storage'.split(
      ' ',
    );
  expect(await optionsOf(argv)).toEqual({
    port: 1,
    armPort: 0,
    dataDir: 'x',
    fresh: true,
    profile: 'fast',
    faults: 'a,b',
    seed: 99,
    auth: 'on',
    platform: 'azure-storage',
  });
});

test('every option can be given in the environment, and the argument wins', async () => {
  const environment = {
    ACI_LOCAL_PORT: '1',
    ACI_LOCAL_ARM_PORT: '2',
    ACI_LOCAL_DATA_DIR: 'x',
    ACI_LOCAL_FRESH: 'true',
    ACI_LOCAL_PROFILE: 'instant',
    ACI_LOCAL_FAULTS: 'flaky',
    ACI_LOCAL_SEED: '3',
    ACI_LOCAL_AUTH: 'on',
    ACI_LOCAL_PLATFORM: 'azure-storage',
    PATH: '/bin',
  };
  const expected = {
    port: 1,
    armPort: 2,
    dataDir: 'x',
    fresh: true,
    profile: 'instant',
    faults: 'flaky',
    seed: 3,
    auth: 'on',
    platform: 'azure-storage',
  };
  expect(await optionsOf([], environment)).toEqual(expected);
  expect(await optionsOf(['--port', '9'], environment)).toEqual({ ...expected, port: 9 });
  expect((await optionsOf([], { ACI_LOCAL_FRESH: '0' })).fresh).toBe(false);
});

describe('what is unknown or wrong is refused, and the message says what would be right:', () => {
  test.each<{ argv?: string; environment?: Record<string, string>; message: RegExp }>([
    { argv: '--prot 1', message: /unknown option '--prot'[\s\S]*--port[\s\S]*--help/ },
    { argv: 'extra', message: /too many arguments/ },
    { argv: '--port 70000', message: /0 to 65535/ },
    { argv: '--port abc', message: /0 to 65535/ },
    { argv: '--seed -1', message: /seed/i },
    { argv: '--data-dir=', message: /A directory has a name/ },
    { environment: { ACI_LOCAL_DATA_DIR: '' }, message: /A directory has a name/ },
    { argv: '--profile slow', message: /realistic, fast, instant/ },
    { argv: '--auth', message: /argument missing/ },
    { environment: { ACI_LOCAL_PROT: '1' }, message: /ACI_LOCAL_PROT is unknown.*ACI_LOCAL_PORT/ },
    { environment: { ACI_LOCAL_AUTH: 'maybe' }, message: /off, on/ },
    { environment: { ACI_LOCAL_FRESH: 'maybe' }, message: /true or false/ },
  ])('$argv$environment', async ({ argv, environment, message }) => {
    await expect(optionsOf(argv?.split(' ') ?? [], environment)).rejects.toThrow(message);
  });
});

test('--help names every option and the environment', async () => {
  const text = await helpOf('start');
  for (const name of ['port', 'arm-port', 'data-dir', 'fresh', 'profile', 'faults', 'seed', 'auth', 'platform']) {
    expect(text).toContain(`--${name}`);
  }
  expect(text).toContain('ACI_LOCAL_ARM_PORT');
});

test('--help names every fault profile, on lines that a terminal holds', async () => {
  const [, listed = ''] = (await helpOf('start')).split('Fault profiles');
  const [lines = ''] = listed.split('\n\n');
  expect(lines.split(/\s+/)).toEqual(expect.arrayContaining(Object.keys(faultProfiles)));
  expect(lines.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('the command that runs the app on Core Tools', () => {
  const read = (argv: string[], environment: Record<string, string> = {}) =>
    readStartOptions(argv, environment, 'start:func');

  test('keeps its data apart, with or without the parser', async () => {
    const expected = { kind: 'options', options: { ...defaultStartOptions.start, dataDir: '.local-func' } };
    expect(await read([])).toEqual(expected);
    expect(await read(['--seed', '1'])).toEqual(expected);
  });

  test('has no option that only the own host knows', async () => {
    await expect(read(['--auth', 'on'])).rejects.toThrow(/unknown option '--auth'/);
    await expect(read([], { ACI_LOCAL_PLATFORM: 'gentle' })).rejects.toThrow('ACI_LOCAL_PLATFORM is unknown');
    expect(await helpOf('start:func')).not.toMatch(/--auth|--platform/);
  });

  test('goes by its own name', async () => {
    expect(await helpOf('start:func')).toContain('Usage: npm run start:func --');
    await expect(read(['--port', 'x'])).rejects.toThrow('Run "npm run start:func -- --help" to see every option.');
  });
});
