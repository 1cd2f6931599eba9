import { describe, expect, test } from 'vitest';
import { sealSpec, unsealSpec } from '../../../src/security/sealed-spec.ts';
import { createSealer, type Sealer } from '../../../src/security/sealing.ts';

const OWNER = 'games:game-1';
const sealer = createSealer([{ id: 'one', key: new Uint8Array(32).fill(1) }]);
const spec = {
  location: 'westeurope',
  imageRegistryCredentials: [{ server: 'example.azurecr.io', username: 'user', password: 'hunter2' }],
  extensions: [{ name: 'e', protectedSettings: { deep: ['hunter2'] } }],
};

describe('a sealed spec', () => {
  const sealed = sealSpec(spec, OWNER, sealer);

  test('holds no secret, and everything else as it was', () => {
    expect(JSON.stringify(sealed)).not.toContain('hunter2');
    expect(sealed).toMatchObject({ location: 'westeurope', imageRegistryCredentials: [{ username: 'user' }] });
  });

  test('opens for its owner', () => {
    expect(unsealSpec(sealed, OWNER, sealer)).toEqual({ ok: true, spec });
  });

  test('may hold what was never sealed, which stays as it is', () => {
    const odd = { volumes: [{ name: 'files', secret: { count: 7 } }] };
    expect(unsealSpec(odd, OWNER, sealer)).toEqual({ ok: true, spec: odd });
  });

  test('fails as an expected failure when it does not open', () => {
    expect(unsealSpec(sealed, 'games:other', sealer)).toMatchObject({ ok: false, failure: { code: 'unsealFailed' } });
  });

  test('throws what is no failure of a seal', () => {
    const broken: Sealer = {
      ...sealer,
      unseal: () => {
        throw new TypeError('It broke.');
      },
    };
    expect(() => unsealSpec(sealed, OWNER, broken)).toThrow(TypeError);
  });
});
