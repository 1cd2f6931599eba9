import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const roleFunctions = z.record(z.string(), z.array(z.string()).min(1));
const keyFile = z.looseObject({ functions: z.record(z.string(), z.record(z.string(), z.string())) });

/** Where the deployment's table of roles is, in the app's folder. */
const ROLE_TABLE = 'infra/role-functions.json';

/**
 * Gives each role its function key before the host opens the key file, as the deployment does in Azure: a named key with the same
 * value on every function that the role may call. Keys that are there stay.
 */
export function setRoleKeys(appDirectory: string, dataDirectory: string): void {
  const roles = roleFunctions.parse(JSON.parse(readFileSync(join(appDirectory, ROLE_TABLE), 'utf8')));
  const path = join(dataDirectory, 'keys.json');
  const keys = keyFile.parse(readOrMake(path));
  for (const [role, names] of Object.entries(roles)) {
    const places = names.map((name) => (keys.functions[name.toLowerCase()] ??= { default: makeKey() }));
    const value = places.map((place) => place[role]).find((each) => each !== undefined) ?? makeKey();
    for (const place of places) place[role] = value;
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function readOrMake(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return { masterKey: makeKey(), functionKeys: { default: makeKey() }, systemKeys: {}, functions: {} };
  }
}

function makeKey(): string {
  return randomBytes(40).toString('base64url');
}
