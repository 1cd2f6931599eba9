import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SealingKey } from '../../../src/domain/sealing-key.ts';
import { judgeSealingMark } from '../../../src/security/sealing-mark.ts';
import { createSealer, type Sealer } from '../../../src/security/sealing.ts';

const key = (id: string): SealingKey => ({ id, key: randomBytes(32) });
const [first, second] = [key('first'), key('second')];

/** The mark that a first start leaves. */
function markOf(sealer: Sealer): string {
  const verdict = judgeSealingMark(undefined, sealer);
  if (!('renewed' in verdict)) {
    throw new Error('A first start makes a mark.');
  }
  return verdict.renewed;
}

test('the keys that sealed the mark are right, and leave it as it is', () => {
  expect(judgeSealingMark(markOf(createSealer([first])), createSealer([first]))).toEqual({ keys: 'right' });
});

test('a new key before the old one is right, and renews the mark so that the old one may go', () => {
  const verdict = judgeSealingMark(markOf(createSealer([first])), createSealer([second, first]));
  expect(verdict).toMatchObject({ keys: 'right' });
  expect(judgeSealingMark('renewed' in verdict ? verdict.renewed : undefined, createSealer([second]))).toEqual({
    keys: 'right',
  });
});

test.each([
  { about: 'another key of the same id', keys: key('first') },
  { about: 'a key of another id alone', keys: second },
])('$about is wrong', ({ keys }) => {
  const verdict = judgeSealingMark(markOf(createSealer([first])), createSealer([keys]));
  expect(verdict).toMatchObject({ keys: 'wrong' });
  expect(JSON.stringify(verdict)).toContain("'first'");
});

test('what is no failure of opening is not taken for one', () => {
  const broken: Sealer = {
    ...createSealer([first]),
    unseal: () => {
      throw new RangeError('out of memory');
    },
  };
  expect(() => judgeSealingMark(markOf(createSealer([first])), broken)).toThrow(RangeError);
});
