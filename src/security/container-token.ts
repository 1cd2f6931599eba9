import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A token that speaks for one incarnation of one group; only its digest is ever stored. */
export interface ContainerToken {
  token: string;
  digest: string;
}

/** Creates a token of 256 random bits. */
export function createContainerToken(): ContainerToken {
  const token = randomBytes(32).toString('base64url');
  return { token, digest: digestOf(token) };
}

/**
 * Whether a token has one of these digests, in a time that tells nothing of them. A digest without salt is enough: the token
 * is random and can't be guessed.
 */
export function isTokenOf(token: string, digests: readonly string[]): boolean {
  const given = Buffer.from(digestOf(token));
  let isOne = false;
  for (const digest of digests) {
    const known = Buffer.from(digest);
    isOne = (known.length === given.length && timingSafeEqual(known, given)) || isOne;
  }
  return isOne;
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
