import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { makeDirectory } from '../../files/make-directory.ts';
import { keepToOwner, writeOwnFile } from '../../files/own-file.ts';
import { readJsonFile } from '../settings/json-file.ts';

/** The system key of the Durable Task extension. */
export const DURABLE_SYSTEM_KEY = 'durabletask_extension';
/** The system key of the Event Grid extension. */
export const EVENT_GRID_SYSTEM_KEY = 'eventgrid_extension';

const namedKeys = z.record(z.string(), z.string().min(1));

const keyFileSchema = z.strictObject({
  masterKey: z.string().min(1),
  /** Host keys: they open every function. */
  functionKeys: namedKeys,
  systemKeys: namedKeys,
  /** By function name in lower case. */
  functions: z.record(z.string(), namedKeys),
});

/** Where a named key belongs: to the host (every function), to one function, or to an extension's webhook. */
export type KeyScope = 'host' | 'system' | { functionName: string };

/**
 * The access keys of the app, kept in `keys.json` of the data directory, which only its owner may read
 * (learn.microsoft.com/azure/azure-functions/function-keys-how-to).
 */
export interface KeyStore {
  readonly masterKey: string;
  /** A function's own key, a host key or the master key. */
  opensFunction(key: string | undefined, functionName: string): boolean;
  opensAdmin(key: string | undefined): boolean;
  /** Whether it is a key of the host at all, whatever it opens: master, host or system. */
  isOfHost(key: string | undefined): boolean;
  /** The extension's own system key or the master key. */
  opensSystem(key: string | undefined, extension: string): boolean;
  list(scope: KeyScope): ReadonlyMap<string, string>;
  /** Whether there is such a key; does not make a function's first one. */
  has(scope: KeyScope, name: string): boolean;
  /** Sets a key, to a new random value unless one is given; the value it has now. */
  set(scope: KeyScope, name: string, value?: string): string;
  /** Whether there was such a key. */
  remove(scope: KeyScope, name: string): boolean;
}

/**
 * Opens the keys of an app with these functions. A function without keys gets one named `default` when its keys are first looked for, and
 * none when the first thing is that one is set (SecretManager.cs, GetFunctionSecretsAsync and AddOrUpdateFunctionSecretAsync).
 * Throws a `StartError` for a broken file.
 */
export function openKeyStore(dataDirectory: string, functionNames: readonly string[]): KeyStore {
  makeDirectory(dataDirectory);
  const file = join(dataDirectory, 'keys.json');
  keepToOwner(file);
  const kept = readJsonFile(file, keyFileSchema);
  const masterKey = kept?.masterKey ?? createKey();
  const hostKeys = new Map(Object.entries(kept?.functionKeys ?? { default: createKey() }));
  const systemKeys = new Map(Object.entries(kept?.systemKeys ?? {}));
  const functions = new Map(
    Object.entries(kept?.functions ?? {}).map(([name, keys]) => [name, new Map(Object.entries(keys))]),
  );
  for (const name of [DURABLE_SYSTEM_KEY, EVENT_GRID_SYSTEM_KEY]) {
    if (!systemKeys.has(name)) systemKeys.set(name, createKey());
  }
  const knownNames = new Set(functionNames.map((each) => each.toLowerCase()));
  save();

  return {
    masterKey,
    // Only a key that opens no other door makes the host look for those of the function.
    opensFunction: (key, functionName) =>
      isOneOf(key, [...hostKeys.values(), masterKey]) ||
      (key !== undefined && isOneOf(key, [...keysOf({ functionName }).values()])),
    opensAdmin: (key) => isOneOf(key, [masterKey]),
    isOfHost: (key) => isOneOf(key, [...systemKeys.values(), ...hostKeys.values(), masterKey]),
    opensSystem: (key, extension) => isOneOf(key, [systemKeys.get(extension), masterKey]),
    list: (scope) => keysOf(scope),
    has: (scope, name) =>
      (typeof scope === 'object' ? functions.get(scope.functionName.toLowerCase()) : keysOf(scope))?.has(name) ?? false,
    set(scope, name, value = createKey()) {
      if (typeof scope === 'object') addFunction(scope.functionName);
      keysOf(scope).set(name, value);
      save();
      return value;
    },
    remove(scope, name) {
      if (!keysOf(scope).delete(name)) return false;
      save();
      return true;
    },
  };

  function keysOf(scope: KeyScope): Map<string, string> {
    if (scope === 'host') return hostKeys;
    if (scope === 'system') return systemKeys;
    const existing = functions.get(scope.functionName.toLowerCase());
    if (existing) return existing;
    const keys = addFunction(scope.functionName).set('default', createKey());
    save();
    return keys;
  }

  function addFunction(functionName: string): Map<string, string> {
    const name = functionName.toLowerCase();
    if (!knownNames.has(name)) throw new Error(`There is no function '${functionName}' to have keys.`);
    const keys = functions.get(name) ?? new Map<string, string>();
    functions.set(name, keys);
    return keys;
  }

  /** Renamed into place: a crash leaves the old file or the new one. */
  function save(): void {
    const content: z.infer<typeof keyFileSchema> = {
      masterKey,
      functionKeys: Object.fromEntries(hostKeys),
      systemKeys: Object.fromEntries(systemKeys),
      functions: Object.fromEntries([...functions].map(([name, keys]) => [name, Object.fromEntries(keys)])),
    };
    writeOwnFile(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}

function createKey(): string {
  return randomBytes(40).toString('base64url');
}

/** Compares digests, in a time that tells nothing about the keys. */
function isOneOf(key: string | undefined, accepted: readonly (string | undefined)[]): boolean {
  if (key === undefined) return false;
  const digest = digestOf(key);
  let isAccepted = false;
  for (const each of accepted) {
    if (each !== undefined && timingSafeEqual(digest, digestOf(each))) isAccepted = true;
  }
  return isAccepted;
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
