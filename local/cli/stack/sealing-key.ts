import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { writeOwnFile } from '../../files/own-file.ts';

/**
 * The key with which the app seals secrets, as the setting `ACI_SEALING_KEYS` has it: made on the first start and kept in the
 * data directory, as a vault keeps it in Azure. What is in that directory can be opened by whoever has it whole.
 */
export function loadSealingKeys(dataDirectory: string): string {
  const path = join(dataDirectory, 'sealing.key');
  try {
    const keys = readFileSync(path, 'utf8').trim();
    if (keys !== '') return keys;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new DataFileError(`The key file ${path} can't be read: ${reasonOf(error)}.`, { cause: error });
    }
  }
  const keys = `local-1:${randomBytes(32).toString('base64')}`;
  writeOwnFile(path, `${keys}\n`);
  return keys;
}
