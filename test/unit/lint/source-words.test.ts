import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '../../..');

describe('the app', () => {
  const sources = globSync('src/**/*.ts', { cwd: REPOSITORY });

  test('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(0);
  });

  test.each([/\blocal\//, /emulat/i, /127\.0\.0\.1/, /localhost/i])(
    'never says %s: it does not know that it runs locally',
    (word) => {
      expect(sources.filter((file) => word.test(readFileSync(join(REPOSITORY, file), 'utf8')))).toEqual([]);
    },
  );
});

describe('a source file', () => {
  const files = globSync('{src,local,bench,lint}/**/*.ts', { cwd: REPOSITORY });

  test('is named after what it holds, not after a drawer', () => {
    const drawer = /(^|-)(utils?|helpers?|common|misc|types|index|shared)\.ts$/;
    expect(files.filter((file) => drawer.test(basename(file)))).toEqual([]);
  });
});
