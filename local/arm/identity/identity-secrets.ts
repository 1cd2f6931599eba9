import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFileError, reasonOf } from '../../files/data-file-error.ts';
import { writeOwnFile } from '../../files/own-file.ts';

/** What guards the tokens of the local identity. */
export interface IdentitySecrets {
  /** Signs tokens. */
  signingKey: Buffer;
  /** What the app sends to the identity endpoint. */
  identityHeader: string;
}

const KEY_BYTES = 32;

/** Reads the secrets from the data directory, making them on the first start: a token must outlive the process that issued it. */
export async function loadIdentitySecrets(dataDirectory: string): Promise<IdentitySecrets> {
  const path = join(dataDirectory, 'identity.key');
  const key = (await readKey(path)) ?? makeKey(path);
  return { signingKey: key.subarray(0, KEY_BYTES), identityHeader: key.subarray(KEY_BYTES).toString('hex') };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  let key: Buffer;
  try {
    key = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new DataFileError(`The key file ${path} can't be read: ${reasonOf(error)}.`, { cause: error });
  }
  if (key.length === 2 * KEY_BYTES) return key;
  const damage = `The key file ${path} is damaged: it has ${key.length} bytes, and not ${2 * KEY_BYTES}.`;
  throw new DataFileError(
    `${damage} Delete it for a new one; the environments of the groups that there are can't be shown then.`,
  );
}

function makeKey(path: string): Buffer {
  const key = randomBytes(2 * KEY_BYTES);
  writeOwnFile(path, key);
  return key;
}
