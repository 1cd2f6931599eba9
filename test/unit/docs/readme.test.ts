import { describe, expect, test } from 'vitest';
import { readCurl } from './curl.ts';
import { codeBlocks, readPage } from './markdown.ts';

const FUNCTIONS =
  'ACIAllocate ACICreate ACIDelete ACIDetails ACIList ACIMonitor ACISetSessions ACISetState ACIGC ACILease ACIOperation ACIReport'.split(
    ' ',
  );
/** Ten minutes of an unhurried reader. */
const MAX_README_WORDS = 1_800;

describe('the README', () => {
  test(`is read in one sitting: ${MAX_README_WORDS} words at most`, () => {
    expect(readPage('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(MAX_README_WORDS);
  });

  test.each(FUNCTIONS)('documents %s', (name) => {
    expect(readPage('README.md')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('shows only JSON that parses', () => {
    expect(codeBlocks(readPage('README.md'), 'json').filter((block) => !isJson(block))).toEqual([]);
  });

  test('has curl lines that a shell takes, to functions that exist, with bodies that are JSON', () => {
    const calls = ['bash', 'sh', 'shell']
      .flatMap((language) => codeBlocks(readPage('README.md'), language))
      .flatMap(readCurl);
    expect(calls.length).toBeGreaterThan(0);
    for (const { command, urls, bodies } of calls) {
      expect(urls, command).toHaveLength(1);
      for (const [, name] of urls.join(' ').matchAll(/\/api\/(\w+)/g)) {
        expect([...FUNCTIONS, 'health'], command).toContain(name);
      }
      expect(
        bodies.filter((body) => !isJson(body)),
        command,
      ).toEqual([]);
    }
  });

  test('names the two commands that are all one needs', () => {
    expect(readPage('README.md')).toContain('npm ci && npm start');
    expect(readPage('README.md')).toContain('npm ci && npm test');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
