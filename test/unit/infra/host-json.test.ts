import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chosenBackend, hostJsonFor } from '../../../scripts/durable-backend.ts';
import { resourcesOf } from './scenario.ts';
import { isLogged, LOG_LEVELS, type LogRule } from './log-rules.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const script = join(root, 'scripts', 'set-version.ts');
const { version } = z.object({ version: z.string() }).parse(read(root, 'package.json'));
const folders: string[] = [];

const schedulerHostJson = z.looseObject({
  extensions: z.strictObject({
    durableTask: z.looseObject({
      hubName: z.string(),
      storageProvider: z.looseObject({ connectionStringName: z.string() }),
    }),
  }),
});

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Runs what `npm version` runs, on a copy of host.json, and returns the copy. */
function setVersion(to: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'durable-aci-version-'));
  folders.push(folder);
  cpSync(join(root, 'host.json'), join(folder, 'host.json'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: to }));
  execFileSync(process.execPath, [script], { cwd: folder, stdio: 'pipe' });
  return read(folder, 'host.json');
}

describe('host.json', () => {
  it('starts orchestrations with the version of the package', () => {
    expect(read(root, 'host.json')).toMatchObject({ extensions: { durableTask: { defaultVersion: version } } });
  });

  // With Fail, going back to an older version would end what a newer one had begun, for good
  // (learn.microsoft.com/azure/azure-functions/durable/durable-functions-orchestration-versioning).
  it('runs what is as old or older, and leaves what is newer as it is', () => {
    expect(read(root, 'host.json')).toMatchObject({
      extensions: { durableTask: { versionMatchStrategy: 'CurrentOrOlder', versionFailureStrategy: 'Reject' } },
    });
  });

  // Else what was in flight when a host ended waits for five minutes; a minute is the least that the extension takes.
  it('has what was in flight when a host ended delivered again after a minute', () => {
    expect(read(root, 'host.json')).toMatchObject({
      extensions: {
        durableTask: {
          storageProvider: {
            controlQueueVisibilityTimeout: '00:01:00',
            workItemQueueVisibilityTimeout: '00:01:00',
          },
        },
      },
    });
  });

  it('asks for an extension bundle that knows versions', () => {
    expect(read(root, 'host.json')).toMatchObject({ extensionBundle: { version: '[4.36.0, 5.0.0)' } });
  });

  it('gets a new version from `npm version`, and keeps the rest', () => {
    const before = read(root, 'host.json');
    expect(setVersion('1.10.0')).toMatchObject({ extensions: { durableTask: { defaultVersion: '1.10.0' } } });
    expect(setVersion(version)).toEqual(before);
  });

  it('takes no version that Durable would compare as text', () => {
    expect(() => setVersion('1.0.0-rc.1')).toThrow('three numbers with dots between them are expected');
  });
});

describe('host.json for Durable Task Scheduler', () => {
  const { extensions, ...rest } = schedulerHostJson.parse(
    JSON.parse(hostJsonFor('DurableTaskScheduler', readFileSync(join(root, 'host.json'), 'utf8'))),
  );
  const { storageProvider, hubName, ...others } = extensions.durableTask;

  // From disk alone: the host hands it to what scales the app (azure-functions-durable-extension issue 2622).
  it('names the scheduler, without the settings of queues that it has not', () => {
    expect(storageProvider).toStrictEqual({
      type: 'azureManaged',
      connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
    });
  });

  it.for(['scheduler-consumption', 'everything'] as const)('names what the template makes (%s)', (name) => {
    const [hub] = resourcesOf(name, 'Microsoft.DurableTask/schedulers/taskHubs');
    expect(hub?.name.split('/').at(-1)).toBe(hubName);
    const settings = resourcesOf(name, 'Microsoft.Web/sites/config').find((config) =>
      config.name.endsWith('/appsettings'),
    );
    expect(settings?.properties).toHaveProperty(storageProvider.connectionStringName);
  });

  it('is ours in all else', () => {
    expect(read(root, 'host.json')).toMatchObject({ ...rest, extensions: { durableTask: others } });
  });

  it('is chosen by the variable of azd, and Azure Storage without it', () => {
    expect(chosenBackend({})).toBe('AzureStorage');
    expect(chosenBackend({ ACI_DURABLE_BACKEND: 'DurableTaskScheduler' })).toBe('DurableTaskScheduler');
    expect(() => chosenBackend({ ACI_DURABLE_BACKEND: 'Netherite' })).toThrow(
      'ACI_DURABLE_BACKEND is Netherite; AzureStorage or DurableTaskScheduler is expected.',
    );
    expect(readFileSync(join(root, 'infra/azd.parameters.json'), 'utf8')).toContain(
      '${ACI_DURABLE_BACKEND=AzureStorage}',
    );
  });
});

describe('the log that Application Insights gets', () => {
  const levels = z.object({
    logging: z.object({ OpenTelemetry: z.object({ logLevel: z.record(z.string(), z.enum(LOG_LEVELS)) }) }),
  });
  const { logLevel } = levels.safeParse(read(root, 'host.json')).data?.logging.OpenTelemetry ?? { logLevel: {} };

  /**
   * The host reads host.json first and adds its own rules behind: those of every provider, which take Information of what it calls system
   * categories, and those of OpenTelemetry's, which would take every level of the functions' categories
   * (azure-functions-host, ScriptLoggingBuilderExtensions.cs and OpenTelemetryConfigurationExtensions.cs).
   */
  const rules: LogRule[] = [
    ...['Microsoft.Azure.WebJobs.', 'Function.', 'Worker.', 'Host.'].map((category): LogRule => ({
      category,
      level: 'Information',
    })),
    ...Object.entries(logLevel).map(([category, level]): LogRule => ({
      provider: 'OpenTelemetry',
      level,
      ...(category === 'default' ? {} : { category }),
    })),
    { provider: 'OpenTelemetry', category: 'Function.*' },
  ];
  const gets = (category: string, level: (typeof LOG_LEVELS)[number]): boolean =>
    isLogged(rules, 'OpenTelemetry', category, level);

  const sources = [
    ...readdirSync(join(root, 'src', 'contracts')).map((file) => join('src', 'contracts', file)),
    'src/main.ts',
    'src/security/policy.ts',
    'src/triggers/register-triggers.ts',
  ].map((file) => readFileSync(join(root, file), 'utf8'));
  const names = sources.flatMap((source) =>
    [
      ...source.matchAll(/(?:define(?:Activity|Entity|Orchestrator)|registerTimer|eventGrid)\(\s*'(\w+)'/g),
      ...source.matchAll(/^ {2}(ACI\w+|health): /gm),
    ].map(([, name = '']) => name),
  );

  it('has all functions to speak of', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'ACIReport',
        'ACIMonitor',
        'containerGroup',
        'collectGarbage',
        'findGarbage',
        'purgeDeadRows',
      ]),
    );
  });

  it.for([...new Set(names)])('has what %s says itself, and not that the host has called it', (name) => {
    expect(gets(`Function.${name}.User`, 'Information')).toBe(true);
    expect(gets(`Function.${name}.User`, 'Debug')).toBe(false);
    expect(gets(`Function.${name}`, 'Information')).toBe(false);
    expect(gets(`Function.${name}`, 'Error')).toBe(true);
  });

  // Durable writes four lines of a kilobyte for each session report (EndToEndTraceHelper.cs).
  it.for(['Host.Triggers.DurableTask', 'Host.Startup', 'Worker.rpcWorkerProcess', 'Microsoft.Azure.WebJobs.Hosting'])(
    'has of %s what is wrong alone',
    (category) => {
      expect(gets(category, 'Information')).toBe(false);
      expect(gets(category, 'Warning')).toBe(true);
    },
  );

  // The host takes what the worker prints of bad settings for Information, where it finds no word of trouble in it (WorkerProcess.cs).
  it('has what the app prints when it cannot start', () => {
    expect(gets('Host.Function.Console', 'Information')).toBe(true);
  });
});
