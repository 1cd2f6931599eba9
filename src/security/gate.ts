import { CLIENT_PRINCIPAL_HEADER, isAllowed, objectIdOfPrincipal, rolesOfPrincipal } from './client-principal.ts';
import { accessOf, type Access } from './policy.ts';

/** Who gets through to one HTTP function: the platform looks at keys, we at who signed in. */
export interface Gate {
  authLevel: 'anonymous' | 'function';
  /** What a request that the platform let through may do. */
  admit(header: HeaderOf): 'admitted' | 'unknownCaller' | 'notAllowed';
  /** Who sent a request that was admitted, for timelines; undefined where the platform does not tell us, as with keys. */
  callerOf(header: HeaderOf): string | undefined;
}

type HeaderOf = (name: string) => string | null;

/** How callers are told apart. */
export interface GateSettings {
  /** Callers sign in with Entra ID through App Service's authentication, and no keys are used. */
  easyAuth: boolean;
  /** ACIList answers anybody. */
  publicList: boolean;
}

/** The gate of a function, by the policy table; throws for one that the table does not have. */
export function createGate(name: string, { easyAuth, publicList }: GateSettings): Gate {
  const access: Access = name === 'ACIList' && publicList ? 'anybody' : accessOf(name);
  if (access === 'anybody' || access === 'containerToken') {
    const caller = access === 'containerToken' ? 'its container' : undefined;
    return { authLevel: 'anonymous', admit: () => 'admitted', callerOf: () => caller };
  }
  if (!easyAuth) {
    // The host hands the app the key's value at most, and not its name.
    return { authLevel: 'function', admit: () => 'admitted', callerOf: () => undefined };
  }
  return {
    // The platform's authentication stands before the host here, and a function key would be asked for on top of it.
    authLevel: 'anonymous',
    admit(header) {
      const roles = rolesOfPrincipal(header(CLIENT_PRINCIPAL_HEADER));
      if (roles === undefined) {
        return 'unknownCaller';
      }
      return isAllowed(access, roles) ? 'admitted' : 'notAllowed';
    },
    callerOf(header) {
      const principal = header(CLIENT_PRINCIPAL_HEADER);
      const roles = (rolesOfPrincipal(principal) ?? []).filter((role) => isAllowed(access, [role]));
      return [roles.join(' and '), objectIdOfPrincipal(principal)].filter(Boolean).join(' ') || undefined;
    },
  };
}
