import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { writeOwnFile } from '../../files/own-file.ts';

/**
 * The name of this installation as the setting `ACI_OWNER` has it: made on the first start and kept beside the store, which may be emptied
 * without it. Container groups in the emulator bear it as a tag.
 */
export function loadOwnerId(dataDirectory: string): string {
  const path = join(dataDirectory, 'owner.id');
  try {
    const id = readFileSync(path, 'utf8').trim();
    if (id !== '') return id;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new DataFileError(`The file ${path} can't be read: ${reasonOf(error)}.`, { cause: error });
    }
  }
  const id = `local-${randomBytes(4).toString('hex')}`;
  writeOwnFile(path, `${id}\n`);
  return id;
}
