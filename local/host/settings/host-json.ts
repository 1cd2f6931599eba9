import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from './json-file.ts';
import { resolveSettings } from './settings.ts';
import { StartError } from '../start-error.ts';
import { parseTimeSpanMs } from './time-span.ts';

/** Of every plan but Consumption (learn.microsoft.com/azure/azure-functions/functions-host-json#functiontimeout). */
const DEFAULT_FUNCTION_TIMEOUT = '00:30:00';

const count = z.number().int().positive();

/** What the extension takes at least: seen on 3.19. */
const MIN_VISIBILITY_TIMEOUT_MS = 60_000;

const visibilityTimeout = z
  .string()
  .transform((text) => parseTimeSpanMs(text) ?? Number.NaN)
  .pipe(z.number({ error: 'expected hh:mm:ss' }).min(MIN_VISIBILITY_TIMEOUT_MS, 'expected at least 00:01:00'));

const durableTaskSchema = z.looseObject({
  hubName: z.string().optional(),
  maxConcurrentActivityFunctions: count.optional(),
  maxConcurrentOrchestratorFunctions: count.optional(),
  maxConcurrentEntityFunctions: count.optional(),
  maxEntityOperationBatchSize: count.optional(),
  overridableExistingInstanceStates: z.enum(['NonRunningStates', 'AnyState']).optional(),
  storeInputsInOrchestrationHistory: z.boolean().optional(),
  defaultVersion: z.string().optional(),
  versionMatchStrategy: z.enum(['None', 'Strict', 'CurrentOrOlder']).optional(),
  versionFailureStrategy: z.enum(['Reject', 'Fail']).optional(),
  storageProvider: z
    .looseObject({
      controlQueueVisibilityTimeout: visibilityTimeout.optional(),
      workItemQueueVisibilityTimeout: visibilityTimeout.optional(),
    })
    .optional(),
});

const hostJsonSchema = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: z.string().optional(),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().optional() }).optional(),
      durableTask: durableTaskSchema.optional(),
    })
    .optional(),
});

/** What the local host takes from host.json; the rest of the file is Azure's. */
export interface HostJson {
  /** What comes before each route, without slashes at its ends; may be empty. */
  routePrefix: string;
  hubName: string;
  /** How long one call may take; undefined means for ever. */
  functionTimeoutMs: number | undefined;
  durableTask: z.infer<typeof durableTaskSchema>;
}

/** Reads the app's host.json, which must exist (learn.microsoft.com/azure/azure-functions/functions-host-json). Throws a `StartError`. */
export function readHostJson(appDirectory: string): HostJson {
  const file = join(appDirectory, 'host.json');
  const json = readJsonFile(file, hostJsonSchema);
  if (!json) throw new StartError(`${file} does not exist; every function app has one.`);
  const durableTask = json.extensions?.durableTask ?? {};
  return {
    routePrefix: (json.extensions?.http?.routePrefix ?? 'api').replaceAll(/^\/+|\/+$/g, ''),
    hubName: hubNameOf(durableTask.hubName, file),
    functionTimeoutMs: timeoutMsOf(json.functionTimeout ?? DEFAULT_FUNCTION_TIMEOUT, file),
    durableTask,
  };
}

/** 3 to 45 letters and digits, a letter first: what Azure Storage allows (DurableTask.AzureStorage, TaskHub name validation). */
function hubNameOf(configured: string | undefined, file: string): string {
  const name = resolveSettings(configured ?? 'TestHubName');
  if (!/^[A-Za-z][A-Za-z0-9]{2,44}$/.test(name)) {
    throw new StartError(
      `${file}: "extensions.durableTask.hubName" must be 3 to 45 letters and digits that begin with a letter.`,
    );
  }
  return name;
}

function timeoutMsOf(text: string, file: string): number | undefined {
  if (text === '-1') return undefined;
  const timeoutMs = parseTimeSpanMs(text);
  if (!timeoutMs) throw new StartError(`${file}: "functionTimeout" must be hh:mm:ss above zero, or -1 for no limit.`);
  return timeoutMs;
}
