import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { writeOwnFile } from '../../files/own-file.ts';

const roleFunctions = z.record(z.string(), z.array(z.string()).min(1));
const keyFile = z.looseObject({ functions: z.record(z.string(), z.record(z.string(), z.string())) });

/** Where the deployment's table of roles is, in the app's folder. */
const ROLE_TABLE = 'infra/role-functions.json';

/**
 * Gives each role its function key before the host opens the key file, as the deployment does in Azure: a named key with the same
 * value on every function that the role may call. Keys that are there stay. Throws a `DataFileError` for a broken file.
 */
export function setRoleKeys(appDirectory: string, dataDirectory: string): void {
  const roles = roleFunctions.parse(JSON.parse(readFileSync(join(appDirectory, ROLE_TABLE), 'utf8')));
  const path = join(dataDirectory, 'keys.json');
  const keys = readKeys(path);
  for (const [role, names] of Object.entries(roles)) {
    const places = names.map((name) => (keys.functions[name.toLowerCase()] ??= { default: makeKey() }));
    const value = places.map((place) => place[role]).find((each) => each !== undefined) ?? makeKey();
    for (const place of places) place[role] = value;
  }
  writeOwnFile(path, `${JSON.stringify(keys, null, 2)}\n`);
}

function readKeys(path: string): z.infer<typeof keyFile> {
  const keys = keyFile.safeParse(readOrMake(path));
  if (keys.success) return keys.data;
  throw broken(path, keys.error);
}

function readOrMake(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw broken(path, error);
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new DataFileError(`The key file ${path} can't be read: ${reasonOf(error)}.`, { cause: error });
    }
    return { masterKey: makeKey(), functionKeys: { default: makeKey() }, systemKeys: {}, functions: {} };
  }
}

/** The parsers' own words show a piece of the file. */
function broken(path: string, cause: Error): DataFileError {
  return new DataFileError(`The key file ${path} is broken. Mend it, or delete it to have new keys made.`, { cause });
}

function makeKey(): string {
  return randomBytes(40).toString('base64url');
}
