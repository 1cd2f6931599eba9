import { expect, test } from 'vitest';
import { hideAddressCredentials } from '../../../src/domain/address-credentials.ts';

test.each([
  ['a token', 'git clone https://hunter2@example.com/a.git failed', 'git clone https://***@example.com/a.git failed'],
  ['a name and a password', "fatal: 'https://me:hunter2@example.com/a'", "fatal: 'https://***@example.com/a'"],
  ['a password with an @ in it', 'https://me:hunter@2@example.com', 'https://***@example.com'],
  ['two addresses', 'ssh://a@b https://c:d@e/f', 'ssh://***@b https://***@e/f'],
  ['no credentials', 'https://example.com/a@b image:1@sha256:00', 'https://example.com/a@b image:1@sha256:00'],
  ['no address', 'Pulled image "nginx".', 'Pulled image "nginx".'],
])('of a text with %s the rest is left', (_, text, expected) => {
  expect(hideAddressCredentials(text)).toBe(expected);
});

test.each(['a.', 'a://', 'a://b'])('a long text of %s is left as it is', (part) => {
  const text = part.repeat(20_000);
  expect(hideAddressCredentials(text)).toBe(text);
});
