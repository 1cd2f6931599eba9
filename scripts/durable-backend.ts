import { z } from 'zod';

const hostJsonSchema = z.looseObject({ extensions: z.looseObject({ durableTask: z.looseObject({}) }) });

/** Where orchestrations and entities may live, by the words of the templates' parameter `durableBackend`. */
export const durableBackends = ['AzureStorage', 'DurableTaskScheduler'] as const;

/** One of them. */
export type DurableBackend = (typeof durableBackends)[number];

/** The name of the environment variable that azd hands to its hooks, and that chooses what `azd deploy` installs. */
export const BACKEND_VARIABLE = 'ACI_DURABLE_BACKEND';

/** The backend that an environment asks for; Azure Storage unless it says otherwise. Throws when there is none of that name. */
export function chosenBackend(environment: Readonly<Record<string, string | undefined>>): DurableBackend {
  const wanted = environment[BACKEND_VARIABLE] ?? 'AzureStorage';
  const backend = durableBackends.find((name) => name === wanted);
  if (backend === undefined) {
    throw new Error(`${BACKEND_VARIABLE} is ${wanted}; ${durableBackends.join(' or ')} is expected.`);
  }
  return backend;
}

/**
 * The text of host.json for a backend, made from ours, which is for Azure Storage. It has to be in the package: what wakes and
 * scales the app is told the backend by the host, which reads host.json from disk and no app setting for it
 * (Azure/azure-functions-host, FunctionsSyncManager.cs, ReadDurableTaskConfig; azure-functions-durable-extension issue 2622). The
 * settings of Azure Storage's queues go: the scheduler has none.
 */
export function hostJsonFor(backend: DurableBackend, ours: string): string {
  if (backend === 'AzureStorage') return ours;
  const host = hostJsonSchema.parse(JSON.parse(ours));
  const durableTask = {
    ...host.extensions.durableTask,
    // The template makes a task hub of this name and sets the variable (infra/modules/backing.bicep).
    hubName: 'container-groups',
    // https://github.com/microsoft/vscode-azurefunctions/issues/4394
    storageProvider: { type: 'azureManaged', connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING' },
  };
  return `${JSON.stringify({ ...host, extensions: { ...host.extensions, durableTask } }, null, 2)}\n`;
}
