import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ContainerLog } from '../../../../../local/arm/containers/container-log.ts';

const MEGABYTE = 1024 * 1024;

function textOf(lines: readonly { text: string }[]): string[] {
  return lines.map(({ text }) => text);
}

test('lines come out as they were written, however they are cut on their way', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')));
  fc.assert(
    fc.property(lines, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (written, cuts) => {
      const log = new ContainerLog();
      const bytes = Buffer.from(written.map((line) => `${line}\n`).join(''));
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = cuts[turn % cuts.length] ?? 1;
        log.write('stdout', bytes.subarray(at, at + length), 0);
        at += length;
      }
      expect(textOf(log.lines())).toEqual(written);
    }),
  );
});

test('the two streams do not mix within a line, and a line without an end is there', () => {
  const log = new ContainerLog();
  log.write('stdout', Buffer.from('one '), 1);
  log.write('stderr', Buffer.from('error\r\n'), 2);
  log.write('stdout', Buffer.from('line\nnot '), 3);
  log.write('stdout', Buffer.from('ended'), 4);
  expect(log.lines()).toEqual([
    { atMs: 2, text: 'error' },
    { atMs: 1, text: 'one line' },
    { atMs: 3, text: 'not ended' },
  ]);
});

test('a container that runs has its newest 4 MB', () => {
  const log = new ContainerLog();
  const line = `${'x'.repeat(1023)}\n`;
  for (let number = 0; number < 3 * 4096; number++) log.write('stdout', Buffer.from(line), number);
  const lines = log.lines();
  expect(lines).toHaveLength((4 * MEGABYTE) / 1024);
  expect(lines.at(-1)?.atMs).toBe(3 * 4096 - 1);
});

test('a flood without a line end, or of nothing but line ends, is bounded too', () => {
  const log = new ContainerLog();
  for (let count = 0; count < 8; count++) log.write('stdout', Buffer.alloc(MEGABYTE, 'x'), 0);
  const bytes = textOf(log.lines()).reduce((sum, { length }) => sum + length, 0);
  expect(bytes).toBeLessThanOrEqual(4 * MEGABYTE);
  expect(bytes).toBeGreaterThan(3.9 * MEGABYTE);
  log.write('stderr', Buffer.alloc(MEGABYTE, '\n'), 0);
  expect(log.lines().length).toBeLessThanOrEqual(200_001);
});

test('one that has ended has its last thousand lines, or 16 KB of them', () => {
  const short = new ContainerLog();
  for (let number = 0; number < 3_000; number++) short.write('stdout', Buffer.from(`${number}\n`), 0);
  expect(textOf(short.ending())).toEqual(Array.from({ length: 1_000 }, (_, index) => String(index + 2_000)));
  const long = new ContainerLog();
  for (let number = 0; number < 100; number++) long.write('stdout', Buffer.from(`${'x'.repeat(1023)}\n`), number);
  expect(long.ending().map(({ atMs }) => atMs)).toEqual(Array.from({ length: 16 }, (_, index) => index + 84));
});
