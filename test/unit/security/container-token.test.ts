import { expect, test } from 'vitest';
import { createContainerToken, isTokenOf } from '../../../src/security/container-token.ts';

test('a token is known by its digest, which does not tell it', () => {
  const { token, digest } = createContainerToken();
  const other = createContainerToken();
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(digest).not.toContain(token);
  expect(isTokenOf(token, [digest])).toBe(true);
  expect(isTokenOf(token, [other.digest, digest])).toBe(true);
  expect(isTokenOf(token, [other.digest])).toBe(false);
});

test.each([
  ['there is none', []],
  ['it is of another length', ['short']],
])('no token is good when its digest is looked for and %s', (_, digests) => {
  expect(isTokenOf(createContainerToken().token, digests)).toBe(false);
  expect(isTokenOf('', digests)).toBe(false);
});
