import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { writeOwnFile } from '../../files/own-file.ts';

/** An id, and 32 bytes in base64. */
const KEY = /^[\w-]{1,32}:[A-Za-z0-9+/]{43}=$/;

/**
 * The key with which the app seals secrets, as the setting `ACI_SEALING_KEYS` has it: made on the first start and kept in the
 * data directory, as a vault keeps it in Azure. What is in that directory can be opened by whoever has it whole.
 */
export function loadSealingKeys(dataDirectory: string): string {
  const path = join(dataDirectory, 'sealing.key');
  try {
    const keys = readFileSync(path, 'utf8').trim();
    if (keys !== '') return checked(keys, path);
  } catch (error) {
    if (error instanceof DataFileError) throw error;
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new DataFileError(`The key file ${path} can't be read: ${reasonOf(error)}.`, { cause: error });
    }
  }
  const keys = `local-1:${randomBytes(32).toString('base64')}`;
  writeOwnFile(path, `${keys}\n`);
  return keys;
}

/** The app would name its setting alone, which nobody has made here. */
function checked(keys: string, path: string): string {
  if (keys.split(',').every((key) => KEY.test(key.trim()))) return keys;
  throw new DataFileError(
    `The key file ${path} is broken: it should hold id:key, a key of 32 bytes in base64. Put a copy in its place; without the key nobody can open what it has sealed, and --fresh begins anew.`,
  );
}
