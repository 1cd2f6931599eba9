import { join } from 'node:path';
import { z } from 'zod';
import type { HostLog } from '../log/host-log.ts';
import { readJsonFile } from './json-file.ts';
import { StartError } from '../start-error.ts';

const localSettingsSchema = z.object({
  IsEncrypted: z.boolean().optional(),
  Host: z.looseObject({ CORS: z.string().optional() }).optional(),
  Values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional(),
});

/** Where settings come from. */
export interface SettingsOptions {
  appDirectory: string;
  /** `127.0.0.1:PORT`: without it the durable client rewrites every URL to port 7071 (durable-functions src/durableclient). */
  hostname: string;
  /** Settings of whoever starts the host; they win over all others. */
  environment: Record<string, string>;
  log: HostLog;
}

/**
 * Puts the app settings into `process.env`, before the app is loaded: those of the starter, then those that are there already,
 * then `Values` of local.settings.json, then what the Functions host itself sets
 * (learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file).
 */
export function applySettings({ appDirectory, hostname, environment, log }: SettingsOptions): void {
  const file = join(appDirectory, 'local.settings.json');
  const local = readJsonFile(file, localSettingsSchema);
  if (local?.IsEncrypted) {
    throw new StartError(`${file} is encrypted, which the local host can't read: set "IsEncrypted" to false.`);
  }
  if (local?.Host?.CORS !== undefined) {
    log({ level: 'warning', category: 'system', message: `${file}: Host.CORS is not built in the local host.` });
  }
  const defaults = {
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    FUNCTIONS_EXTENSION_VERSION: '~4',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsScriptRoot: appDirectory,
  };
  const owned = { WEBSITE_HOSTNAME: hostname };
  Object.assign(process.env, { ...defaults, ...local?.Values, ...process.env, ...environment, ...owned });
}

/**
 * Replaces each `%NAME%` by the setting of that name, as the host does in the properties of bindings
 * (learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns#binding-expressions---app-settings).
 * Throws a `StartError` for a name that isn't set.
 */
export function resolveSettings(text: string): string {
  return text.replaceAll(/%([^%]+)%/g, (expression, name: string) => {
    const value = process.env[name];
    if (value === undefined) {
      throw new StartError(`'${expression}' does not resolve to a value: the app setting "${name}" is not set.`);
    }
    return value;
  });
}
