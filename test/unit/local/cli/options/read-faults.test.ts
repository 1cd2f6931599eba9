import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultQuotas, noFaults } from '../../../../../local/arm/faults/faults.ts';
import { faultProfiles } from '../../../../../local/arm/faults/fault-profiles.ts';
import { readFaults } from '../../../../../local/cli/options/read-faults.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faults-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function file(content: string): Promise<string> {
  const path = join(directory, 'faults.json');
  await writeFile(path, content);
  return path;
}

test.each(Object.keys(faultProfiles))('the profile %s is complete', async (name) => {
  expect(Object.keys(await readFaults(name))).toEqual(expect.arrayContaining(Object.keys(noFaults)));
});

test('the profile none is no fault at all', async () => {
  expect(await readFaults('none')).toEqual(noFaults);
  expect(await readFaults(await file('{}'))).toEqual(noFaults);
});

test('profiles and files add up, and a later one wins', async () => {
  const path = await file(
    '{ "events": { "reverse": true }, "quotas": { "standardCores": 4 }, "images": { "pullFails": ["a"] } }',
  );
  const faults = await readFaults(`no-events, no-quotas ,${path}`);
  expect(faults.events).toEqual({ drop: 1, duplicate: 0, reverse: true, delayMs: 0 });
  expect(faults.quotas).toEqual({ ...defaultQuotas, standardCores: 4 });
  expect(faults.images.pullFails).toEqual(['a']);
});

test('the incidents of all profiles and files come together', async () => {
  const path = await file('{ "incidents": [{ "kind": "noCapacity", "regions": ["West Europe"], "rate": true }] }');
  const { incidents, quotas } = await readFaults(`slow-arm,no-quotas,${path}`);
  expect(quotas).toBe('off');
  expect(incidents).toMatchObject([
    { kind: 'slowArm', delaySeconds: 10, rate: 1 },
    { kind: 'noCapacity', regions: ['westeurope'], rate: 1 },
  ]);
});

test('a fault on command has what it does not say filled in', async () => {
  const path = await file(
    '{ "arm": { "failNext": [{ "operation": "PUT", "status": 503, "code": "ServerTimeout" }] } }',
  );
  const { arm } = await readFaults(path);
  expect(arm.failNext).toEqual([
    {
      operation: 'PUT',
      status: 503,
      code: 'ServerTimeout',
      message: 'A fault was injected.',
      afterEffect: false,
      times: 1,
    },
  ]);
});

test.each([
  { content: '{ "event": {} }', message: /event/ },
  { content: '{ "events": { "drop": 2 } }', message: /events\.drop/ },
  {
    content: '{ "arm": { "failNext": [{ "operation": "PUSH", "status": 200 }] } }',
    message: /PUT.*GET.*failNext\[0\]\.operation/s,
  },
  { content: '{ "quotas": "none" }', message: /quotas/ },
  {
    content: '{ "incidents": [{ "kind": "noCapasity" }] }',
    message: /"noCapasity".*noCapacity.*incidents\[0\]\.kind/s,
  },
  { content: '{ "incidents": [{ "kind": "noTokens" }, {}] }', message: /missing.*incidents\[1\]\.kind/s },
  { content: '{ "incidents": [{ "kind": "slowPull", "delayMs": 5 }] }', message: /"delayMs".*incidents\[0\]/s },
  { content: '{ "identity": { "tokenLifetimeSeconds": 0 } }', message: /identity\.tokenLifetimeSeconds/ },
  { content: '{', message: /is not JSON/ },
])('a wrong file is refused with the place: $content', async ({ content, message }) => {
  await expect(readFaults(await file(content))).rejects.toThrow(message);
});

test('a name that is neither a profile nor a file is refused with the profiles there are', async () => {
  await expect(readFaults('chaos')).rejects.toThrow(
    /'chaos' is neither a fault profile \(none, .*chaotic-events.*\) nor a file/,
  );
});
