import { CLIENT_PRINCIPAL_HEADER, isAllowed, rolesOfPrincipal } from './client-principal.ts';
import { accessOf, type Access } from './policy.ts';

/** Who gets through to one HTTP function: the platform looks at keys, we at who signed in. */
export interface Gate {
  authLevel: 'anonymous' | 'function';
  /** What a request that the platform let through may do. */
  admit(header: (name: string) => string | null): 'admitted' | 'unknownCaller' | 'notAllowed';
}

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
    return { authLevel: 'anonymous', admit: () => 'admitted' };
  }
  if (!easyAuth) {
    return { authLevel: 'function', admit: () => 'admitted' };
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
  };
}
