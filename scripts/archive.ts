import { zipSync } from 'fflate';

/** What Unix has in the upper half of a file's attributes: a regular one that its owner may write and everybody may read. */
const REGULAR_FILE_0644 = 0o10_0644 << 16;
const UNIX = 3;

/**
 * Packs files, whose paths have `/`, as a zip archive: the same files make the same archive, in whatever order, whenever and wherever
 * they are packed.
 */
export function packArchive(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const inOrder = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(inOrder), {
    level: 9,
    os: UNIX,
    attrs: REGULAR_FILE_0644,
    // The first day that an archive knows. The time of day is written as it is on this machine's clock.
    mtime: new Date(1980, 0, 1),
  });
}
