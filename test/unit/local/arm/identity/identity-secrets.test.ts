import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadIdentitySecrets } from '../../../../../local/arm/identity/identity-secrets.ts';

const directory = mkdtempSync(join(tmpdir(), 'identity-'));
const path = join(directory, 'identity.key');

afterAll(() => rmSync(directory, { recursive: true }));

test('the secrets of the identity are made once and read again', async () => {
  const made = await loadIdentitySecrets(directory);
  expect(await loadIdentitySecrets(directory)).toEqual(made);
  expect(made.signingKey).toHaveLength(32);
});

test('a key file of another length is named and left as it is', async () => {
  writeFileSync(path, 'short');
  await expect(loadIdentitySecrets(directory)).rejects.toThrow(
    `The key file ${path} is damaged: it has 5 bytes, and not 64.`,
  );
  expect(readFileSync(path, 'utf8')).toBe('short');
});
