/** Who may call the API: a studio's matchmaker, its operators, and whoever only looks. */
export type Role = 'matchmaker' | 'operator' | 'read-only';
export const ROLES: readonly Role[] = ['matchmaker', 'operator', 'read-only'];

/** Who may call a function: roles, anybody, or a container with its own token. */
export type Access = readonly Role[] | 'anybody' | 'containerToken';

/**
 * Every HTTP function of the app and who may call it. A role is a function key of that name, with the same value on each
 * function that lists it (infra/role-functions.json is made from this table), or an app role of Entra ID.
 */
export const policy = {
  ACICreate: ['matchmaker', 'operator'],
  ACIDelete: ['operator'],
  ACIDetails: ['matchmaker', 'operator', 'read-only'],
  ACIList: ['matchmaker', 'operator', 'read-only'],
  ACISetSessions: ['matchmaker', 'operator'],
  ACISetState: ['operator'],
  ACIGC: ['operator'],
  ACIGCReport: ['operator', 'read-only'],
  ACIOperation: ['matchmaker', 'operator'],
  ACIAllocate: ['matchmaker', 'operator'],
  ACILease: ['matchmaker', 'operator'],
  ACIReport: 'containerToken',
  ACIReportState: 'containerToken',
  health: 'anybody',
} as const satisfies Record<string, Access>;

/** Who may call a function; throws for a name that the table does not have, so that no function is ever left open by mistake. */
export function accessOf(name: string): Access {
  const access = Object.entries(policy).find(([each]) => each === name)?.[1];
  if (access === undefined) {
    throw new Error(`The policy table does not say who may call '${name}'.`);
  }
  return access;
}

/** The functions that each role may call, sorted: what the infrastructure sets its keys by. */
export function functionsByRole(): Record<Role, string[]> {
  const functionsOf = (role: Role): string[] =>
    Object.entries(policy)
      .filter(([, access]: [string, Access]) => Array.isArray(access) && access.includes(role))
      .map(([name]) => name)
      .toSorted();
  return {
    matchmaker: functionsOf('matchmaker'),
    operator: functionsOf('operator'),
    'read-only': functionsOf('read-only'),
  };
}
