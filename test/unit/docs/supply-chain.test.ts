import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readPage, REPOSITORY } from './markdown.ts';

const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: versions, devDependencies: versions, allowScripts: z.record(z.string(), z.boolean()) })
  .parse(json('package.json'));
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        integrity: z.string().optional(),
        dev: z.boolean().optional(),
        devOptional: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
      }),
    ),
  })
  .parse(json('package-lock.json'));
const installed = Object.entries(packages).filter(([path]) => path !== '');

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(REPOSITORY, path), 'utf8'));
}

describe('what SECURITY.md says of the supply chain', () => {
  test('every package in the lock has a digest', () => {
    expect(installed.length).toBeGreaterThan(50);
    expect(
      installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true).map(([path]) => path),
    ).toEqual([]);
  });

  test('versions in package.json are exact, and npm keeps them so', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(readFileSync(join(REPOSITORY, '.npmrc'), 'utf8')).toMatch(/^save-exact=true$/m);
  });

  test('no package but node may run a script at its installation, and none of the product has one', () => {
    expect(manifest.allowScripts).toEqual({ node: true });
    const ofTheProduct = installed.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);
    expect(ofTheProduct.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  test('the direct dependencies of the product are five', () => {
    expect(readPage('SECURITY.md')).toContain(
      'direct dependencies are five: two Azure SDKs, the Functions and Durable SDKs, zod',
    );
    expect(Object.keys(manifest.dependencies).toSorted()).toEqual([
      '@azure/arm-containerinstance',
      '@azure/functions',
      '@azure/identity',
      'durable-functions',
      'zod',
    ]);
  });
});
