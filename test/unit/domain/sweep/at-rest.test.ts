import { expect, test } from 'vitest';
import { isAtRest } from '../../../../src/domain/sweep/at-rest.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN } from '../group/group-fixture.ts';

const REST_MS = 60_000;
const over = { isOver: true, lastUpdatedTime: BORN };

test.each([
  ['nothing was ever there', [], 0, true],
  ['all is absent', [undefined, undefined], 0, true],
  ['all is over for long', [over, undefined, over], REST_MS, true],
  ['all is over, but not for long', [over], REST_MS - 1, false],
  ['one is not over, however long it has not changed', [over, { ...over, isOver: false }], REST_MS * 100, false],
  ['one has changed lately', [over, { ...over, lastUpdatedTime: addMs(BORN, 1) }], REST_MS, false],
])('a name is at rest when nothing of it goes on: %s', (_, seen, elapsedMs, isResting) => {
  expect(isAtRest(seen, addMs(BORN, elapsedMs), REST_MS)).toBe(isResting);
});
