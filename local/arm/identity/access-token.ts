import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  authenticationFailed,
  expiredAuthenticationToken,
  invalidAuthenticationToken,
  invalidAuthenticationTokenAudience,
} from '../wire/arm-errors.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import { isJsonObject, parseJson } from '../wire/json.ts';
import { noFaults } from '../faults/faults.ts';

/** The one tenant of the local stack. */
export const LOCAL_TENANT_ID = '00000000-0000-0000-0000-00000000aaaa';
/** The service principal of the one managed identity. */
export const LOCAL_PRINCIPAL_ID = '00000000-0000-0000-0000-00000000bbbb';
/** Its client id. */
export const LOCAL_CLIENT_ID = '00000000-0000-0000-0000-00000000cccc';

/** The audiences of ARM in the public cloud. */
const ARM_AUDIENCES = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
];

/** Issues a signed token (a JSON Web Token, as Entra's are) for an audience. */
export function issueToken(
  audience: string,
  nowMs: number,
  key: Buffer,
  lifetimeSeconds = noFaults.identity.tokenLifetimeSeconds,
): { token: string; expiresOnSeconds: number } {
  const issuedSeconds = Math.floor(nowMs / 1000);
  const expiresOnSeconds = issuedSeconds + lifetimeSeconds;
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${LOCAL_TENANT_ID}/`,
    iat: issuedSeconds,
    nbf: issuedSeconds,
    exp: expiresOnSeconds,
    appid: LOCAL_CLIENT_ID,
    oid: LOCAL_PRINCIPAL_ID,
    tid: LOCAL_TENANT_ID,
  };
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return { token: `${content}.${sign(content, key).toString('base64url')}`, expiresOnSeconds };
}

/**
 * Says what is wrong with the `Authorization` header of a request to ARM, or nothing. An ARM that is not the public cloud's has its own
 * address as an audience too: it is what the SDK asks for when it is given an `endpoint` and no scope.
 */
export function checkAuthorization(
  header: string | undefined,
  { endpoint, nowMs, key }: { endpoint: string; nowMs: number; key: Buffer },
): ArmError | undefined {
  if (header === undefined) return authenticationFailed();
  const token = /^Bearer ([\w-]+\.[\w-]+)\.([\w-]+)$/i.exec(header);
  const content = token?.[1];
  const signature = token?.[2];
  if (content === undefined || signature === undefined) return invalidAuthenticationToken();
  if (!isSame(Buffer.from(signature, 'base64url'), sign(content, key))) return invalidAuthenticationToken();
  const claims = parseJson(Buffer.from(content.split('.')[1] ?? '', 'base64url').toString());
  if (!isJsonObject(claims)) return invalidAuthenticationToken();
  const { aud, exp } = claims;
  if (typeof aud !== 'string' || typeof exp !== 'number') return invalidAuthenticationToken();
  if (exp * 1000 <= nowMs) return expiredAuthenticationToken(exp * 1000, nowMs);
  const allowed = [...ARM_AUDIENCES, endpoint, `${endpoint}/`];
  return allowed.includes(aud) ? undefined : invalidAuthenticationTokenAudience(aud, allowed);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(content: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(content).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
