import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEXT } from '../../../../smoke/diagnosis/next-for-code.ts';
import { failures } from '../../../../src/domain/failure.ts';
import { readPage, REPOSITORY } from '../../docs/markdown.ts';

/** Codes that no new group of ours can end with: they are about what somebody did to an older one. */
const OF_OLDER_GROUPS = new Set([
  'tagMissing',
  'setFailed',
  'deletedOutside',
  'notGone',
  'massAbsence',
  'tagsRefused',
  'provisioningCancelled',
  'newerState',
]);

/** Codes that say themselves what there is to know, and which nobody can mend. */
const OF_AZURE_ALONE = new Set(['provisioningFailed', 'transitioning', 'notFound']);

/** Codes of requests for seats, of which the smoke test makes none. */
const OF_SEATS = new Set(['groupLost', 'noCapacity']);

describe('what to look at next', () => {
  test('is said of codes that there are', () => {
    expect(Object.keys(NEXT).filter((code) => !(code in failures))).toEqual([]);
  });

  test('is said of every failure that an operator or Azure can mend on a first deployment', () => {
    const wanted = Object.entries(failures)
      .filter(([, { fault }]) => fault === 'operator' || fault === 'azure')
      .map(([code]) => code)
      .filter((code) => ![OF_OLDER_GROUPS, OF_AZURE_ALONE, OF_SEATS].some((codes) => codes.has(code)));
    expect(wanted.filter((code) => NEXT[code] === undefined)).toEqual([]);
  });
});

test('a section of a page that is named there, or in another diagnosis, is one that there is', () => {
  const sources = globSync('smoke/**/*.ts', { cwd: REPOSITORY }).map((file) =>
    readFileSync(join(REPOSITORY, file), 'utf8'),
  );
  const named = [...sources.join('\n').matchAll(/((?:docs\/)?[\w-]+\.md), ([A-Z][A-Za-z ]+[A-Za-z])/g)];
  expect(named.length).toBeGreaterThan(3);
  const missing = named.filter(([, page = '', section = '']) => !readPage(page).includes(`\n## ${section}`));
  expect(missing.map(([all]) => all)).toEqual([]);
});
