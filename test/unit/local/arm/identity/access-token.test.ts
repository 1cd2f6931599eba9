import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkAuthorization, issueToken } from '../../../../../local/arm/identity/access-token.ts';

const NOW_MS = 1_700_000_000_000;
const key = randomBytes(32);
const endpoint = 'https://127.0.0.1:7443';

function check(header: string | undefined, nowMs = NOW_MS, withKey = key): string | undefined {
  return checkAuthorization(header, { endpoint, nowMs, key: withKey })?.code;
}

test.each(['https://management.azure.com', 'https://management.core.windows.net/', endpoint, `${endpoint}/`])(
  'a token for %s opens ARM',
  (audience) => {
    expect(check(`Bearer ${issueToken(audience, NOW_MS, key).token}`)).toBeUndefined();
  },
);

test('a token is good for a day and then expired', () => {
  const { token, expiresOnSeconds } = issueToken('https://management.azure.com', NOW_MS, key);
  expect(expiresOnSeconds * 1000 - NOW_MS).toBe(24 * 60 * 60 * 1000);
  expect(check(`Bearer ${token}`, expiresOnSeconds * 1000 - 1)).toBeUndefined();
  expect(check(`Bearer ${token}`, expiresOnSeconds * 1000)).toBe('ExpiredAuthenticationToken');
});

test('nothing but a token of ours for ARM is let in', () => {
  const { token } = issueToken('https://management.azure.com', NOW_MS, key);
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ aud: 'https://management.azure.com', exp: 9_999_999_999 })).toString(
    'base64url',
  );
  expect(check(undefined)).toBe('AuthenticationFailed');
  expect(check('Basic dXNlcjpwYXNz')).toBe('InvalidAuthenticationToken');
  expect(check(`Bearer ${header}.${forged}.${signature}`)).toBe('InvalidAuthenticationToken');
  expect(check(`Bearer ${token}`, NOW_MS, randomBytes(32))).toBe('InvalidAuthenticationToken');
  const { token: vault } = issueToken('https://vault.azure.net', NOW_MS, key);
  expect(check(`Bearer ${vault}`)).toBe('InvalidAuthenticationTokenAudience');
});
