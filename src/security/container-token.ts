import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SealingKey } from '../domain/sealing-key.ts';

/** A token that speaks for one incarnation of one group; only its digest is ever stored. */
export interface ContainerToken {
  token: string;
  digest: string;
}

/** Whose token it is: the first of an incarnation has the generation 1, each rotation makes the next. */
export interface TokenHolder {
  groupKey: string;
  incarnation: string;
  generation: number;
}

/** A token that was brought. */
export type IdentifiedToken = Pick<TokenHolder, 'generation'> & Pick<ContainerToken, 'digest'>;

/** Makes the tokens of containers, and knows those that it made. */
export interface TokenMint {
  /** The holder's token: always the same one, so that two rotations at once give the same, and a lost answer can be repeated. */
  mint(holder: TokenHolder): ContainerToken;
  /** The holder's token, if it has this digest; undefined when it was made with a key that is gone. */
  remint(holder: TokenHolder, digest: string): string | undefined;
  /** What may be the holder's token: one for each of the keys. */
  allOf(holder: TokenHolder): string[];
  /** Whether a text is the holder's token, made with any of the keys. */
  isOf(holder: TokenHolder, token: string): boolean;
  /** Which of an incarnation's tokens a text is; undefined when it is none that was made with any of the keys. */
  identify(holder: Omit<TokenHolder, 'generation'>, token: string): IdentifiedToken | undefined;
  /** Whether a text is a token that was made for this group at any time, told without looking anything up. */
  isMinted(groupKey: string, token: string): boolean;
}

/** Creates the mint of an app with these sealing keys; the first makes new tokens, and those of every key are known. */
export function createTokenMint(keys: readonly [SealingKey, ...SealingKey[]]): TokenMint {
  const newest = tokenKey(keys[0]);
  const all = keys.map(tokenKey);
  const allOf = (holder: TokenHolder): string[] => all.map((key) => tokenOf(holder, key));
  const isOf = (holder: TokenHolder, token: string): boolean => isTokenOf(token, allOf(holder).map(digestOf));
  return {
    allOf,
    isOf,
    mint: (holder) => withDigest(tokenOf(holder, newest)),
    remint: (holder, digest) =>
      all.map((key) => withDigest(tokenOf(holder, key))).find((each) => each.digest === digest)?.token,
    identify(holder, token) {
      const generation = Number(token.split('.')[1]);
      return isOf({ ...holder, generation }, token) ? { generation, digest: digestOf(token) } : undefined;
    },
    isMinted(groupKey, token) {
      const [incarnation, generation] = token.split('.');
      return isOf({ groupKey, incarnation: String(incarnation), generation: Number(generation) }, token);
    },
  };
}

/**
 * Whether a token has one of these digests, in a time that tells nothing of them. A digest without salt is enough: the token
 * has 256 bits that can't be guessed.
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

/** A key of its own, so that a token tells nothing of what is sealed. */
function tokenKey({ key }: SealingKey): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'durable-aci container token', 32));
}

function tokenOf({ groupKey, incarnation, generation }: TokenHolder, key: Buffer): string {
  const signature = createHmac('sha256', key).update(`${groupKey}\n${incarnation}\n${generation}`).digest('base64url');
  return `${incarnation}.${generation}.${signature}`;
}

function withDigest(token: string): ContainerToken {
  return { token, digest: digestOf(token) };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
