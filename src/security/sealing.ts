import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SealingKey } from '../domain/sealing-key.ts';

/** Seals and opens secrets with the keys of a setting; the first key seals, every key opens. */
export interface Sealer {
  /** The secret as text that only a holder of the key can read, bound to `owner`: opened for another owner it fails. */
  seal(secret: unknown, owner: string): string;
  /** The secret of a sealed text; throws `UnsealError` when its key is not there, or when it was changed or moved. */
  unseal(sealed: string, owner: string): unknown;
  /** A digest of a text that may hold secrets; without the key it can't be guessed at. */
  digest(text: string): string;
  /** Whether a text has this digest; false when the digest's key is gone. */
  matches(text: string, digest: string): boolean;
}

/** A sealed text could not be opened. Says with which key id, and never anything of the content. */
export class UnsealError extends Error {}

const PREFIX = 'sealed:1';
const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D, 8.2.2: a random nonce of 96 bits; one key seals far fewer than its limit of 2^32 secrets. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Creates a sealer; `keys` has at least one key, the newest first. */
export function createSealer(keys: readonly [SealingKey, ...SealingKey[]]): Sealer {
  const [newest] = keys;
  const keyOf = (id: string): SealingKey | undefined => keys.find((key) => key.id === id);

  return {
    seal(secret, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, newest.key, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([nonce, text, cipher.getAuthTag()]);
      return `${PREFIX}:${newest.id}:${sealed.toString('base64url')}`;
    },
    unseal(sealed, owner) {
      const [name, version, id = '', content = ''] = sealed.split(':');
      const key = keyOf(id);
      if (`${name}:${version}` !== PREFIX || key === undefined) {
        throw new UnsealError(
          `A secret is sealed with the key '${id.slice(0, 32)}', which ACI_SEALING_KEYS does not hold.`,
        );
      }
      return open(key, Buffer.from(content, 'base64url'), owner);
    },
    digest: (text) => digestWith(newest, text),
    matches(text, digest) {
      const key = keys.find(({ id }) => digest.startsWith(`${id}:`));
      return key !== undefined && isSame(digest, digestWith(key, text));
    },
  };
}

function digestWith({ id, key }: SealingKey, text: string): string {
  const digestKey = Buffer.from(hkdfSync('sha256', key, '', 'durable-aci request digest', 32));
  return `${id}:${createHmac('sha256', digestKey).update(text).digest('base64url')}`;
}

function open({ id, key }: SealingKey, sealed: Buffer, owner: string): unknown {
  try {
    // Without the length, a text that was cut short would be checked against a shorter and weaker tag.
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), options).setAAD(Buffer.from(owner));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  } catch {
    // The cause is left out: OpenSSL's errors say nothing more, and whatever touches a secret stays silent about it.
    throw new UnsealError(
      `A secret sealed with the key '${id}' can't be opened: the key is another one by now, or the text was changed.`,
    );
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
