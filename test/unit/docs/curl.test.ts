import { expect, test } from 'vitest';
import { readCurl } from './curl.ts';

test('a body over several lines and a quoted URL are read as the shell reads them', () => {
  const block = `# create\ncurl -sX POST "http://127.0.0.1:7071/api/ACICreate?wait=5" \\\n  -H 'content-type: application/json' -d '{\n  "a": 1 }' | jq .\n`;
  expect(readCurl(block)).toMatchObject([
    { urls: ['http://127.0.0.1:7071/api/ACICreate?wait=5'], bodies: ['{\n  "a": 1 }'] },
  ]);
});

test('a body in double quotes loses its escapes, and a body from a file is left out', () => {
  expect(readCurl(String.raw`curl $URL -d "{\"a\":1}"`)).toMatchObject([{ urls: ['$URL'], bodies: ['{"a":1}'] }]);
  expect(readCurl('curl $URL --json @spec.json')).toMatchObject([{ bodies: [] }]);
});

test('an open quote is an error', () => {
  expect(() => readCurl(`curl http://127.0.0.1:7071/api/ACIList -d '{`)).toThrow('left open');
});
