import { ROLES, type Access, type Role } from './policy.ts';
import { clientPrincipalSchema, type ClientPrincipal } from '../contracts/client-principal.ts';

/** The header in which App Service's authentication hands on who signed in; it removes one that a caller sent. */
export const CLIENT_PRINCIPAL_HEADER = 'x-ms-client-principal';

/** Another provider's accounts may bring claims of any name, which are no app roles of ours. */
const ENTRA_ID = 'aad';

/** Claims that hold the id of a user's or an app's object in Entra ID, in the tokens of either version. */
const OBJECT_ID_CLAIMS = new Set(['http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid']);

/**
 * The app roles of a signed-in caller, or undefined when the header is absent or no principal. Only to be read when the
 * platform's authentication is on. (https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities)
 */
export function rolesOfPrincipal(header: string | null): Role[] | undefined {
  const principal = principalOf(header);
  if (principal === undefined) {
    return undefined;
  }
  const { role_typ: roleType = 'roles', claims } = principal;
  const names = new Set(claims.filter(({ typ }) => typ === roleType || typ === 'roles').map(({ val }) => val));
  return ROLES.filter((role) => names.has(role));
}

/** The id in Entra ID of who signed in, a user or an app; undefined when the principal does not say it. */
export function objectIdOfPrincipal(header: string | null): string | undefined {
  const id = principalOf(header)?.claims.find(({ typ }) => OBJECT_ID_CLAIMS.has(typ))?.val;
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

/** Whether one of these roles may call a function with this access. */
export function isAllowed(access: Access, roles: readonly Role[]): boolean {
  return access === 'anybody' || (access !== 'containerToken' && access.some((role) => roles.includes(role)));
}

function principalOf(header: string | null): ClientPrincipal | undefined {
  const principal = clientPrincipalSchema.safeParse(decode(header));
  return principal.success && principal.data.auth_typ === ENTRA_ID ? principal.data : undefined;
}

function decode(header: string | null): unknown {
  try {
    return header === null ? undefined : JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
