import { expect, test } from 'vitest';
import { lastLinesOf } from '../../../../src/domain/inspect/last-lines.ts';

const as = (text: string): string => text;
const TOKEN = `5e4f0a1c-8b2d-4c3e-9f10-aabbccddeeff.12.${'aB3-_'.repeat(8)}xyz`;

test.each<[string, string, number, string[]]>([
  ['the last ones, oldest first', 'a\nb\nc\n', 2, ['b', 'c']],
  ['all where there are fewer', 'a\r\nb', 10, ['a', 'b']],
  ['none of nothing', '', 10, []],
  [
    'without empty ones, colours and control characters',
    '\u001B[31mred\u001B[0m\n\n\u0007  \nx\u0000y\tz',
    10,
    ['red', 'xy\tz'],
  ],
  ['as many as fit', `${'a'.repeat(1_000)}\n${'b'.repeat(30)}\nc`, 10, ['b'.repeat(30), 'c']],
  ['the beginning of one that fits not', `first\n${'a'.repeat(2_000)}\n`, 10, ['a'.repeat(1_024)]],
  [
    'no credentials of an address',
    'clone https://me:hunter2@git.example.com/x',
    10,
    ['clone https://***@git.example.com/x'],
  ],
  ['no container token', `token ${TOKEN}, url?token=${TOKEN}&x`, 10, ['token ***, url?token=***&x']],
])('of a log %s are kept', (_, content, count, expected) => {
  expect(lastLinesOf(content, count, as)).toEqual(expected);
});

test('secrets are taken out before anything is cut', () => {
  const redact = (text: string): string => text.replaceAll('one\ntwo', '***');
  expect(lastLinesOf('one\ntwo\nthree', 2, redact)).toEqual(['***', 'three']);
});

test.each([
  ['control characters', 'hunter2-secret'.replaceAll('', '\u0000')],
  ['a colour', 'hunter2\u001B[0m-secret'],
  ['a carriage return', 'hunter2\r-secret'],
])('a secret is known through %s within it', (_, written) => {
  const redact = (text: string): string => text.replaceAll('hunter2-secret', '***');
  expect(lastLinesOf(`key ${written}\n`, 10, redact)).toEqual(['key ***']);
});

test('a token and the credentials of an address are known through colours within them', () => {
  const broken = `${TOKEN.slice(0, 50)}\u001B[1m${TOKEN.slice(50)}`;
  const url = 'https://me:hun\u0007ter2@git.example.com/x';
  expect(lastLinesOf(`${broken} ${url}`, 10, as)).toEqual(['*** https://***@git.example.com/x']);
});

test('a secret that has control characters itself is taken out as it is', () => {
  const redact = (text: string): string => text.replaceAll('a\u0007b', '***');
  expect(lastLinesOf('key a\u0007b', 10, redact)).toEqual(['key ***']);
});
