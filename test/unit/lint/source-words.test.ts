import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../../..');

describe('the app', () => {
  const sources = globSync('src/**/*.ts', { cwd: REPOSITORY });

  test('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(0);
  });

  test.each([/\blocal\//, /emulat/i])('never says %s: it does not know that it runs locally', (word) => {
    expect(filesThatSay(word)).toEqual([]);
  });

  // Core Tools speak http and say so by the name of their host, which decides the scheme of the URLs that the app hands out.
  test.each([/127\.0\.0\.1/, /localhost/i])('says %s only where it reads its public URL', (word) => {
    expect(filesThatSay(word)).toEqual(['src/config.ts']);
  });

  function filesThatSay(word: RegExp): string[] {
    return sources.filter((file) => word.test(readFileSync(join(REPOSITORY, file), 'utf8')));
  }
});

describe('a source file', () => {
  const files = globSync('{src,local,bench,lint,scripts,smoke}/**/*.ts', {
    cwd: REPOSITORY,
    exclude: ['**/node_modules/**'],
  });

  test('is named after what it holds, not after a drawer', () => {
    const drawer = /(^|-)(utils?|helpers?|common|misc|types|index|shared)\.ts$/;
    expect(files.filter((file) => drawer.test(basename(file)))).toEqual([]);
  });
});
