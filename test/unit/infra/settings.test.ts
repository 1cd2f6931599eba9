import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resourcesOf, scenarios } from './scenario.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The settings that the app reads. */
const known = [
  ...new Set(read('src/config.ts').match(/\b(?:ACI_[A-Z_]*[A-Z]|AZURE_SUBSCRIPTION_ID|SUBSCRIPTIONID)\b/g)),
];

/** The settings that a scenario gives the app, by name. */
function settingsOf(name: (typeof scenarios)[number]): Record<string, string> {
  const settings = resourcesOf(name, 'Microsoft.Web/sites/config').find((config) =>
    config.name.endsWith('/appsettings'),
  );
  return z.record(z.string(), z.string()).parse(settings?.properties);
}

/** The names of those with our prefix. */
const set = (name: (typeof scenarios)[number]): string[] =>
  Object.keys(settingsOf(name)).filter((setting) => /^(ACI_|AZURE_SUB)/.test(setting));

describe('the settings of the app', () => {
  const everywhere = set('one-click');
  const optional = [...read('docs/operations.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, setting]) => setting);

  it('are found in config.ts', () => {
    expect(known).toContain('ACI_SWEEP_INTERVAL');
    expect(known).toContain('AZURE_SUBSCRIPTION_ID');
  });

  it.for(known)('are set by the templates, or documented as optional: %s', (setting) => {
    expect([...everywhere, ...optional]).toContain(setting);
  });

  it('are all known to the app, where the templates set them', () => {
    const unknown = new Set(scenarios.flatMap(set).filter((setting) => !known.includes(setting)));
    expect([...unknown]).toStrictEqual([]);
  });

  it.for(scenarios)(
    'always include the subscription, the sealing keys and the allowed resource groups (%s)',
    (name) => {
      expect(set(name)).toEqual(
        expect.arrayContaining(['AZURE_SUBSCRIPTION_ID', 'ACI_SEALING_KEYS', 'ACI_ALLOWED_RESOURCE_GROUPS']),
      );
    },
  );

  it('are those that the guide says are set by the templates, and no others', () => {
    const [, told = ''] = /^Set by the templates: ([\s\S]*?)\. Give the others/m.exec(read('docs/operations.md')) ?? [];
    const named = told.match(/\b(?:ACI|AZURE)_[A-Z_]+\b/g) ?? [];
    const [asked = ''] = /^param appSettings = \{[^}]*\}/m.exec(read('infra/scenarios/everything.bicepparam')) ?? [];
    const byTemplates = scenarios.flatMap(set).filter((name) => !asked.includes(name));
    expect(named.toSorted()).toStrictEqual([...new Set(byTemplates)].toSorted());
  });

  it('take the sealing keys from the vault', () => {
    const [app] = resourcesOf('one-click', 'Microsoft.Web/sites');
    expect(settingsOf('one-click')['ACI_SEALING_KEYS']).toContain('@Microsoft.KeyVault(SecretUri=');
    expect(app?.properties?.['keyVaultReferenceIdentity']).toMatch(/\/userAssignedIdentities\/id-aci-app-/);
  });
});

describe('the Durable backend', () => {
  it('is Azure Storage by identity, as host.json has it', () => {
    const names = Object.keys(settingsOf('one-click'));
    expect(names.filter((setting) => setting.includes('durableTask'))).toStrictEqual([]);
    expect(names).toContain('AzureWebJobsStorage__queueServiceUri');
    expect(names).not.toContain('AzureWebJobsStorage');
    expect(resourcesOf('one-click', 'Microsoft.DurableTask/schedulers')).toStrictEqual([]);
  });

  it.for(['scheduler-consumption', 'everything'] as const)('is a scheduler where one is asked for (%s)', (name) => {
    const settings = settingsOf(name);
    expect(Object.keys(settings).filter((setting) => setting.includes('durableTask'))).toStrictEqual([]);
    expect(settings['DURABLE_TASK_SCHEDULER_CONNECTION_STRING']).toContain('Authentication=ManagedIdentity');
    expect(resourcesOf(name, 'Microsoft.DurableTask/schedulers/taskHubs')).toHaveLength(1);
  });

  // https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan#deployment-package
  it.for([
    ['one-click', 'https://example.org/v1.0.0/released-package.zip'],
    ['scheduler-consumption', 'https://example.org/v1.0.0-durable-task-scheduler/released-package.zip'],
    ['everything', 'https://example.org/v1.0.0-durable-task-scheduler/released-package.zip'],
  ] as const)('chooses the package, which Azure takes by one name alone (%s)', ([name, uri]) => {
    expect(resourcesOf(name, 'Microsoft.Web/sites/extensions')[0]?.properties).toMatchObject({ packageUri: uri });
  });

  it('is asked for with a package of that name, or the deployment fails before anything exists', () => {
    expect(read('infra/main.bicep')).toMatch(/endsWith\(packageUri, packageFile\)\s+\? packageOfBackend\s+: fail\(/);
  });
});

describe('the scale of the app', () => {
  const scaleOf = (name: (typeof scenarios)[number]): unknown =>
    resourcesOf(name, 'Microsoft.Web/sites')[0]?.properties?.['functionAppConfig'];

  // By default 16 with 2,048 MB: https://learn.microsoft.com/azure/azure-functions/functions-concurrency#http-trigger-concurrency
  it('lets more creations wait on one instance than Azure does by itself', () => {
    const concurrent = (count: number): object => ({ triggers: { http: { perInstanceConcurrency: count } } });
    expect(scaleOf('one-click')).toMatchObject({ scaleAndConcurrency: concurrent(100) });
    expect(scaleOf('everything')).toMatchObject({ scaleAndConcurrency: concurrent(250) });
  });

  // The least that Azure takes: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#considerations
  it('has 40 instances at most, unless more are asked for', () => {
    expect(scaleOf('one-click')).toMatchObject({ scaleAndConcurrency: { maximumInstanceCount: 40 } });
    expect(read('infra/main.bicep')).toMatch(/@minValue\(40\)\n@maxValue\(1000\)\nparam maximumInstances int = 40\n/);
  });
});

describe('the sampling of telemetry', () => {
  // Since 1.6.0-beta.2 the exporter takes five traces a second unless it is told otherwise
  // (azure-sdk-for-net, sdk/monitor/Azure.Monitor.OpenTelemetry.Exporter/CHANGELOG.md).
  it.for(scenarios)('takes every trace, and every line of the log whatever becomes of its trace (%s)', (name) => {
    expect(settingsOf(name)).toMatchObject({
      OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage',
      OTEL_TRACES_SAMPLER_ARG: name === 'everything' ? '0.1' : '1.0',
      AzureMonitorExporter__EnableTraceBasedLogsSampler: 'false',
    });
  });
});
