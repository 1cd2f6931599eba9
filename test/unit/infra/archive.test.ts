import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packArchive } from '../../../scripts/archive.ts';

const files = fc.dictionary(
  fc.stringMatching(/^[a-zé][a-zé0-9/]{0,30}[a-z0-9]$/),
  fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Uint8Array.from(bytes)),
  { maxKeys: 20, noNullPrototype: true },
);

const TWO_FILES = { 'package.json': Buffer.from('{}'), 'dist/main.js': Buffer.from('export {};\n'.repeat(100)) };

describe('an archive', () => {
  it('gives back what was put into it, in the order of the paths', () => {
    fc.assert(
      fc.property(files, (content) => {
        const unpacked = unzipSync(packArchive(content));
        expect(unpacked).toEqual(content);
        expect(Object.keys(unpacked)).toEqual(Object.keys(content).toSorted());
      }),
    );
  });

  it('is the same for the same files in any order', () => {
    fc.assert(
      fc.property(files, (content) => {
        const reversed = Object.fromEntries(Object.entries(content).toReversed());
        expect(Buffer.from(packArchive(reversed)).equals(packArchive(content))).toBe(true);
      }),
    );
  });

  it.for(['UTC', 'America/New_York', 'Asia/Tokyo'])('is the same when it is packed in %s', (timeZone) => {
    const program = `
      import { packArchive } from './scripts/archive.ts';
      const files = { 'package.json': Buffer.from('{}'), 'dist/main.js': Buffer.from('export {};\\n'.repeat(100)) };
      process.stdout.write(packArchive(files));`;
    const packed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: join(import.meta.dirname, '../../..'),
      env: { ...process.env, TZ: timeZone },
    });
    expect(sha256(packed)).toBe(sha256(packArchive(TWO_FILES)));
  });

  it.skipIf(!hasUnzip())('is an archive to others too, of files that everybody may read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'archive-'));
    try {
      const archive = join(folder, 'a.zip');
      writeFileSync(archive, packArchive({ 'a/é.txt': Buffer.from('hello '.repeat(1_000)) }));
      expect(execFileSync('unzip', ['-t', archive], { encoding: 'utf8' })).toContain('No errors detected');
      expect(execFileSync('unzip', ['-p', archive], { encoding: 'utf8' })).toBe('hello '.repeat(1_000));
      expect(execFileSync('unzip', ['-Z', archive], { encoding: 'utf8' })).toMatch(/^-rw-r--r-- .* 80-Jan-01 00:00 /m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
