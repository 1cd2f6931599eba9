import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/aci/redactor.ts';

const withPassword = (password: string) => ({ imageRegistryCredentials: [{ server: 's', password }] });

describe('a secret in what ARM says is hidden', () => {
  test.each([
    ['as it is', 'hunter2', 'The password hunter2 is wrong.', 'The password *** is wrong.'],
    ['wherever it is', 'hunter2', 'hunter2hunter2', '******'],
    ['as JSON writes it', 'say "hi"\n', String.raw`{"p":"say \"hi\"\n"}`, '{"p":"***"}'],
    ['as a URL writes it', 'a/b c?', 'p=a%2Fb%20c%3F', 'p=***'],
    ['in base64', 'hunter2', 'aHVudGVyMg==', '***'],
    ['out of base64', 'aHVudGVyMg==', 'The file hunter2', 'The file ***'],
    [
      'in an address that was shortened',
      'https://me:token@host/r?sig=signature',
      'me:token@ sig=signature',
      'me:***@ sig=***',
    ],
    ['a line at a time', 'BEGIN KEY\nline-of-a-key\nEND', 'It is line-of-a-key, END.', 'It is ***, END.'],
    ['before a shorter one that is part of it', 'hunter2', 'hunter2', '***'],
  ])('%s', (_, password, text, expected) => {
    expect(createRedactor(withPassword(password))(text)).toBe(expected);
  });

  test('also one that the group does not hold', () => {
    expect(createRedactor({}, ['hunter2'])('hunter2')).toBe('***');
  });

  test('whatever its type', () => {
    const redact = createRedactor({
      extensions: [{ name: 'e', protectedSettings: { pin: 12_345, deep: { key: 'hunter2' }, on: true } }],
    });
    expect(redact('12345 hunter2 true')).toBe('*** *** true');
  });

  test('unless it is too short to be one', () => {
    expect(createRedactor(withPassword('abc'))('abc')).toBe('abc');
  });

  test('and nothing else is changed', () => {
    expect(
      createRedactor({ containers: [{ environmentVariables: [{ name: 'A', value: 'plain' }] }] })('A plain text'),
    ).toBe('A plain text');
  });
});

test('no secret of four characters or more is left, whatever it is', () => {
  // Of letters that a marker has none of, so that what is left around it can't make it anew.
  const secrets = fc.stringMatching(/^[^*]{4,40}$/);
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
      expect(createRedactor(withPassword(secret))(`${before}${secret}${after}`)).not.toContain(secret);
    }),
  );
});
