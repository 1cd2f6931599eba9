import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** A file in an archive. The path is relative, with `/`. */
export interface ZipEntry {
  path: string;
  content: Buffer;
}

// PKWARE's APPNOTE.TXT, 4.3: the three records of an archive without encryption, comments or ZIP64.
const LOCAL_HEADER = 0x04_03_4b_50;
const CENTRAL_HEADER = 0x02_01_4b_50;
const END_OF_CENTRAL_DIRECTORY = 0x06_05_4b_50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
const VERSION_2_0 = 20;
const MADE_ON_UNIX = 3 << 8;
const UTF8_NAMES = 1 << 11;
const DEFLATED = 8;
/** 1980-01-01, the first day there is: the same files make the same archive, whenever they are packed. */
const FIRST_DAY = (1 << 5) | 1;
/** A regular file that its owner may write and everybody may read, as Unix has it in the upper half. */
const REGULAR_FILE_0644 = (0o10_0644 << 16) >>> 0;

/** Packs files, in the order of their paths. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = Buffer.from(path);
    const deflated = deflateRawSync(content, { level: 9 });
    const shared = sharedHeader(name, content, deflated);
    const local = Buffer.concat([signature(LOCAL_HEADER), shared, name, deflated]);
    locals.push(local);
    centrals.push(centralHeader(shared, offset), name);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  return Buffer.concat([...locals, directory, endRecord(entries.length, directory.length, offset)]);
}

/** Unpacks an archive that `zip` made. Throws when it is no such archive or a content has changed. */
export function unzip(archive: Buffer): ZipEntry[] {
  const end = archive.length - END_BYTES;
  if (end < 0 || archive.readUInt32LE(end) !== END_OF_CENTRAL_DIRECTORY) throw new Error('This is no archive of ours.');
  const entries: ZipEntry[] = [];
  let position = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(position + 28);
    const path = archive.toString(
      'utf8',
      position + CENTRAL_HEADER_BYTES,
      position + CENTRAL_HEADER_BYTES + nameLength,
    );
    const start = archive.readUInt32LE(position + 42) + LOCAL_HEADER_BYTES + nameLength;
    const content = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(position + 20)));
    if (crc32(content) !== archive.readUInt32LE(position + 16)) throw new Error(`${path} has changed in the archive.`);
    entries.push({ path, content });
    position += CENTRAL_HEADER_BYTES + nameLength;
  }
  return entries;
}

function signature(value: number): Buffer {
  const record = Buffer.alloc(4);
  record.writeUInt32LE(value);
  return record;
}

/** What the local header of a file and its entry in the central directory both have, from the version needed on. */
function sharedHeader(name: Buffer, content: Buffer, deflated: Buffer): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER_BYTES - 4);
  header.writeUInt16LE(VERSION_2_0, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(DEFLATED, 4);
  header.writeUInt16LE(FIRST_DAY, 8);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(deflated.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function centralHeader(shared: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(MADE_ON_UNIX | VERSION_2_0, 4);
  shared.copy(header, 6);
  header.writeUInt32LE(REGULAR_FILE_0644, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(END_BYTES);
  record.writeUInt32LE(END_OF_CENTRAL_DIRECTORY, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
