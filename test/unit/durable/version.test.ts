import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compareVersions, newestVersion, versionFor } from '../../../src/durable/version.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const orchestrator = { name: 'sweep', versions: ['0.1.0', '0.3.0', '0.10.0'] } as const;

test.each([
  ['the same', '1.2.0', '1.2.0', 0],
  ['a number that is higher and not longer', '0.9.0', '0.10.0', -1],
  ['the first number that differs', '1.0.0', '0.99.99', 1],
  ['fewer numbers', '1.2', '1.2.0', -1],
])('versions are compared number by number: %s', (_, a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
  expect(Math.sign(compareVersions(b, a))).toBe(-expected + 0);
});

test.each(['1', 'v1.0', '1.9-beta', '', '1..0'])("'%s' is compared with nothing", (version) => {
  expect(() => compareVersions('1.0.0', version)).toThrow(`'${version}' is no version`);
});

describe('an instance runs', () => {
  test.each([
    ['the oldest version when it has none, as those of 0.1.0', undefined, '0.1.0'],
    ['the oldest when its version is null', null, '0.1.0'],
    ['the oldest when its version is empty', '', '0.1.0'],
    ['its own', '0.3.0', '0.3.0'],
    ['the newest that is not above its own', '0.9.9', '0.3.0'],
    ['the newest when its own is above that', '2.0.0', '0.10.0'],
  ])('%s', (_, ofInstance, expected) => {
    expect(versionFor(orchestrator, ofInstance)).toBe(expected);
  });

  test('nothing when every version is above its own, and says so', () => {
    expect(() => versionFor(orchestrator, '0.0.9')).toThrow(
      'The instance has version 0.0.9 of sweep, and this app runs only 0.1.0, 0.3.0, 0.10.0 of it.',
    );
  });
});

test('a new instance has the newest version', () => {
  expect(newestVersion(orchestrator)).toBe('0.10.0');
});

test("the versions of every orchestrator rise, up to the app's own at most: a host starts nothing that it would refuse", async () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));
  const orchestrators = await orchestratorContracts();
  expect(orchestrators.map(({ name }) => name)).toContain('collectGarbage');
  for (const { versions } of orchestrators) {
    expect(versions.toSorted(compareVersions)).toEqual([...new Set(versions)]);
    expect(compareVersions(versions.at(-1) ?? '', version)).toBeLessThanOrEqual(0);
  }
});

const contractSchema = z.object({
  kind: z.literal('orchestrator'),
  name: z.string(),
  versions: z.array(z.string()),
});

async function orchestratorContracts(): Promise<z.infer<typeof contractSchema>[]> {
  const files = globSync('src/contracts/*.ts', { cwd: root });
  const modules = await Promise.all(files.map(async (file): Promise<unknown> => import(`${root}${file}`)));
  return modules
    .flatMap((module): unknown[] => (typeof module === 'object' && module !== null ? Object.values(module) : []))
    .map((each) => contractSchema.safeParse(each))
    .flatMap(({ data }) => (data === undefined ? [] : [data]));
}
