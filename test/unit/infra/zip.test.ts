import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzip, zip } from '../../../scripts/zip.ts';

const files = fc.uniqueArray(
  fc.record({
    path: fc.stringMatching(/^[a-zé][a-zé0-9/]{0,30}[a-z0-9]$/),
    content: fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes)),
  }),
  { selector: ({ path }) => path, maxLength: 20 },
);

describe('an archive', () => {
  it('gives back what was put into it, in the order of the paths', () => {
    fc.assert(
      fc.property(files, (entries) => {
        expect(unzip(zip(entries))).toEqual(entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
      }),
    );
  });

  it('is the same for the same files in any order', () => {
    fc.assert(
      fc.property(files, (entries) => {
        expect(zip(entries.toReversed()).equals(zip(entries))).toBe(true);
      }),
    );
  });

  it('is refused when a content has changed', () => {
    const archive = zip([{ path: 'dist/main.js', content: Buffer.from('export {};') }]);
    archive.writeUInt32LE(0, archive.length - 22 - 'dist/main.js'.length - 46 + 16);
    expect(() => unzip(archive)).toThrow('dist/main.js has changed in the archive.');
  });

  it('is refused when it is none', () => {
    expect(() => unzip(Buffer.from('not an archive'))).toThrow('This is no archive of ours.');
  });

  it.skipIf(!hasUnzip())('is an archive to others too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      const archive = join(folder, 'a.zip');
      writeFileSync(archive, zip([{ path: 'a/é.txt', content: Buffer.from('hello '.repeat(1_000)) }]));
      expect(execFileSync('unzip', ['-p', archive], { encoding: 'utf8' })).toBe('hello '.repeat(1_000));
      expect(execFileSync('unzip', ['-Z', archive], { encoding: 'utf8' })).toContain('-rw-r--r--');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
