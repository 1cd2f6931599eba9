import { ROLES, type Access, type Role } from './policy.ts';
import { clientPrincipalSchema } from '../contracts/client-principal.ts';

/** The header in which App Service's authentication hands on who signed in; it removes one that a caller sent. */
export const CLIENT_PRINCIPAL_HEADER = 'x-ms-client-principal';

/** Another provider's accounts may bring claims of any name, which are no app roles of ours. */
const ENTRA_ID = 'aad';

/**
 * The app roles of a signed-in caller, or undefined when the header is absent or no principal. Only to be read when the
 * platform's authentication is on. (https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities)
 */
export function rolesOfPrincipal(header: string | null): Role[] | undefined {
  const principal = clientPrincipalSchema.safeParse(decode(header));
  if (!principal.success) {
    return undefined;
  }
  const { auth_typ: provider, role_typ: roleType = 'roles', claims } = principal.data;
  if (provider !== ENTRA_ID) {
    return undefined;
  }
  const names = new Set(claims.filter(({ typ }) => typ === roleType || typ === 'roles').map(({ val }) => val));
  return ROLES.filter((role) => names.has(role));
}

/** Whether one of these roles may call a function with this access. */
export function isAllowed(access: Access, roles: readonly Role[]): boolean {
  return access === 'anybody' || (access !== 'containerToken' && access.some((role) => roles.includes(role)));
}

function decode(header: string | null): unknown {
  try {
    return header === null ? undefined : JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
