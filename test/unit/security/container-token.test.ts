import { describe, expect, test } from 'vitest';
import { createTokenMint, isTokenOf } from '../../../src/security/container-token.ts';

const one = { id: 'one', key: new Uint8Array(32).fill(1) };
const two = { id: 'two', key: new Uint8Array(32).fill(2) };
const mint = createTokenMint([one]);
const holder = { groupKey: 'games:game-1', incarnation: 'first', generation: 1 };

describe('a token', () => {
  test('is known by its digest, which does not tell it', () => {
    const { token, digest } = mint.mint(holder);
    expect(digest).not.toContain(token);
    expect(isTokenOf(token, [digest])).toBe(true);
    expect(isTokenOf(token, ['short', mint.mint({ ...holder, generation: 2 }).digest, digest])).toBe(true);
    expect(isTokenOf(token, ['short', mint.mint({ ...holder, generation: 2 }).digest])).toBe(false);
    expect(isTokenOf('', [])).toBe(false);
  });

  test('is the same whenever it is made for the same holder, and another for any other', () => {
    expect(mint.mint(holder)).toEqual(mint.mint(holder));
    const others = [
      mint.mint({ ...holder, groupKey: 'games:game-2' }),
      mint.mint({ ...holder, incarnation: 'second' }),
      mint.mint({ ...holder, generation: 2 }),
      createTokenMint([two]).mint(holder),
    ];
    expect(new Set([mint.mint(holder), ...others].map(({ digest }) => digest)).size).toBe(5);
  });

  test('is made again with the key that it was made with, while that is there', () => {
    const { token, digest } = mint.mint(holder);
    expect(createTokenMint([two, one]).remint(holder, digest)).toBe(token);
    expect(createTokenMint([two]).remint(holder, digest)).toBeUndefined();
  });
});

test('what may be a token of a holder is one for each key', () => {
  const both = createTokenMint([two, one]);
  expect(both.allOf(holder)).toEqual([both.mint(holder).token, mint.mint(holder).token]);
});

describe('a token of an incarnation', () => {
  const { groupKey, incarnation } = holder;

  test.each([1, 7])('is known with its generation, %i, also by a key that is not the newest', (generation) => {
    const { token, digest } = mint.mint({ ...holder, generation });
    expect(createTokenMint([two, one]).identify({ groupKey, incarnation }, token)).toEqual({ generation, digest });
  });

  test('is none of another incarnation, of another group, or of a key that is gone', () => {
    const { token } = mint.mint(holder);
    expect(mint.identify({ groupKey, incarnation: 'second' }, token)).toBeUndefined();
    expect(mint.identify({ groupKey: 'games:game-2', incarnation }, token)).toBeUndefined();
    expect(createTokenMint([two]).identify({ groupKey, incarnation }, token)).toBeUndefined();
    expect(mint.identify({ groupKey, incarnation }, 'guess')).toBeUndefined();
  });
});

describe('a text', () => {
  const { token } = mint.mint(holder);

  test('that was made for the group is told without a look-up, after a rotation of the keys, too', () => {
    expect(mint.isMinted('games:game-1', token)).toBe(true);
    expect(createTokenMint([two, one]).isMinted('games:game-1', token)).toBe(true);
  });

  test.each([
    ['made for another group', 'games:game-2', token],
    ['changed', 'games:game-1', `${token}x`],
    ['of another generation', 'games:game-1', token.replace('.1.', '.2.')],
    ['of no number', 'games:game-1', token.replace('.1.', '..')],
    ['nothing of ours', 'games:game-1', 'guess'],
    ['empty', 'games:game-1', ''],
  ])('is no token when it is %s', (_, groupKey, text) => {
    expect(mint.isMinted(groupKey, text)).toBe(false);
  });

  test('is no token once its key is gone', () => {
    expect(createTokenMint([two]).isMinted('games:game-1', token)).toBe(false);
  });
});
