import { expect, test } from 'vitest';
import { createEnvironmentSeal } from '../../../../../local/arm/groups/container-environment.ts';

const seal = createEnvironmentSeal(Buffer.alloc(32, 1));
const environments = { server: { TOKEN: 'hush', ÜBER: '✓'.repeat(1000) } };

test('environments come back as they were, and the sealed form shows nothing of them', () => {
  const sealed = seal.seal(environments);
  expect(Buffer.from(sealed, 'base64').includes('hush')).toBe(false);
  expect(seal.seal(environments)).not.toBe(sealed);
  expect(seal.open(sealed)).toEqual(environments);
});

test('another key opens nothing, nor does the own one what was changed', () => {
  const sealed = seal.seal(environments);
  expect(createEnvironmentSeal(Buffer.alloc(32, 2)).open(sealed)).toBeUndefined();
  const bytes = Buffer.from(sealed, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  expect(seal.open(bytes.toString('base64'))).toBeUndefined();
});
