import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SealingKey } from '../../../src/domain/sealing-key.ts';
import { createSealer, UnsealError } from '../../../src/security/sealing.ts';

const keyOf = (id: string, byte: number): SealingKey => ({ id, key: new Uint8Array(32).fill(byte) });
const one = keyOf('one', 1);
const two = keyOf('two', 2);
const OWNER = 'games:game-1';
const sealer = createSealer([one]);

describe('a sealed secret', () => {
  test('comes back as it was, whatever it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (secret, owner) => {
        expect(sealer.unseal(sealer.seal(secret, owner), owner)).toEqual(JSON.parse(JSON.stringify(secret)));
      }),
    );
  });

  test('shows nothing of the secret, and looks different each time', () => {
    const sealed = sealer.seal('hunter2', OWNER);
    expect(sealed).toMatch(/^sealed:1:one:[\w-]+$/);
    expect(sealed).not.toContain('hunter2');
    expect(sealer.seal('hunter2', OWNER)).not.toBe(sealed);
  });

  test('opens for nobody but its owner', () => {
    expect(() => sealer.unseal(sealer.seal('hunter2', OWNER), 'games:game-2')).toThrow(UnsealError);
  });

  test('opens no more once any of its characters was changed', () => {
    const sealed = sealer.seal('hunter2', OWNER);
    const start = sealed.lastIndexOf(':') + 1;
    for (let at = start; at < sealed.length - 1; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(() => sealer.unseal(changed, OWNER)).toThrow(UnsealError);
    }
  });

  test('opens no more once it was cut short', () => {
    const sealed = sealer.seal('hunter2', OWNER);
    const start = sealed.lastIndexOf(':') + 1;
    for (let end = start; end < sealed.length - 1; end += 1) {
      expect(() => sealer.unseal(sealed.slice(0, end), OWNER)).toThrow(UnsealError);
    }
  });

  test('is sealed with the newest key and opened with the one that it names', () => {
    const rotated = createSealer([two, one]);
    expect(rotated.seal('new', OWNER)).toMatch(/^sealed:1:two:/);
    expect(rotated.unseal(sealer.seal('old', OWNER), OWNER)).toBe('old');
  });

  test.each([
    ['the key is gone', createSealer([two]).seal('hunter2', OWNER), /'two', which ACI_SEALING_KEYS does not hold/],
    ['it holds nothing', 'sealed:1:one', /can't be opened/],
    ['it is no sealed text', 'hunter2', /does not hold/],
    ['it is of a version that we do not know', 'sealed:2:one:AAAA', /does not hold/],
  ])('does not open when %s, and says so without it', (_, sealed, message) => {
    expect(() => sealer.unseal(sealed, OWNER)).toThrow(message);
    expect(() => sealer.unseal(sealed, OWNER)).not.toThrow(/hunter2/);
  });
});

describe('a digest', () => {
  test('is the same for the same text, and names its key', () => {
    expect(sealer.digest('text')).toBe(sealer.digest('text'));
    expect(sealer.digest('text')).toMatch(/^one:/);
    expect(sealer.digest('text')).not.toBe(sealer.digest('other'));
  });

  test('matches its text after a rotation, and nothing once its key is gone', () => {
    const digest = sealer.digest('text');
    expect(createSealer([two, one]).matches('text', digest)).toBe(true);
    expect(createSealer([two, one]).matches('other', digest)).toBe(false);
    expect(createSealer([two]).matches('text', digest)).toBe(false);
    expect(sealer.matches('text', '')).toBe(false);
  });

  test('can not be had without the key', () => {
    expect(createSealer([keyOf('one', 9)]).digest('text')).not.toBe(sealer.digest('text'));
  });
});
