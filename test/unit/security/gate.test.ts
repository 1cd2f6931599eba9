import { describe, expect, test } from 'vitest';
import { isAllowed, rolesOfPrincipal } from '../../../src/security/client-principal.ts';
import { createGate } from '../../../src/security/gate.ts';
import { policy } from '../../../src/security/policy.ts';

const names = Object.keys(policy);
const keys = { easyAuth: false, publicList: false };
const signIn = { easyAuth: true, publicList: false };

function principal(...roles: string[]): string {
  const claims = roles.map((val) => ({ typ: 'roles', val }));
  return encode({ auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

describe('a function with keys', () => {
  test.each(names)('%s is open to anybody only if the policy says so', (name) => {
    const access = Object.entries(policy).find(([each]) => each === name)?.[1];
    const gate = createGate(name, keys);
    expect(gate.authLevel).toBe(typeof access === 'string' ? 'anonymous' : 'function');
    expect(gate.admit(() => null)).toBe('admitted');
  });

  test('that the policy does not have is never made', () => {
    expect(() => createGate('ACIEverything', keys)).toThrow(/does not say who may call 'ACIEverything'/);
    expect(() => createGate('toString', keys)).toThrow(/toString/);
  });

  test('is open to anybody when it lists the groups and lists are public', () => {
    expect(createGate('ACIList', { ...keys, publicList: true }).authLevel).toBe('anonymous');
    expect(createGate('ACIDetails', { ...keys, publicList: true }).authLevel).toBe('function');
  });
});

describe('a function with sign-in', () => {
  test.each<[string, string | null, string]>([
    ['ACIDelete', principal('operator'), 'admitted'],
    ['ACIDelete', principal('read-only', 'operator'), 'admitted'],
    ['ACIDelete', principal('matchmaker'), 'notAllowed'],
    ['ACIDelete', principal(), 'notAllowed'],
    ['ACIDelete', principal('Operator'), 'notAllowed'],
    ['ACICreate', principal('matchmaker'), 'admitted'],
    ['ACICreate', principal('read-only'), 'notAllowed'],
    ['ACIDetails', principal('read-only'), 'admitted'],
    ['ACIDetails', null, 'unknownCaller'],
    ['ACIDetails', 'nonsense', 'unknownCaller'],
    ['ACIDetails', encode({ claims: [] }), 'unknownCaller'],
    ['health', null, 'admitted'],
    ['ACIReport', null, 'admitted'],
  ])('%s with %s: %s', (name, header, expected) => {
    const gate = createGate(name, signIn);
    expect(gate.admit((asked) => (asked === 'x-ms-client-principal' ? header : null))).toBe(expected);
  });
});

describe('the caller of an admitted request', () => {
  const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
  const callerOf = (name: string, header: string | null, settings = signIn): string | undefined =>
    createGate(name, settings).callerOf((asked) => (asked === 'x-ms-client-principal' ? header : null));
  const signedIn = (id: { typ: string; val: string }, ...roles: string[]): string =>
    encode({ auth_typ: 'aad', claims: [id, ...roles.map((val) => ({ typ: 'roles', val }))] });

  test.each([OBJECT_ID, 'oid'])('is told by the roles that let it in, and its id in the claim %s', (typ) => {
    const header = signedIn({ typ, val: 'object-1' }, 'read-only', 'matchmaker', 'operator');
    expect(callerOf('ACICreate', header)).toBe('matchmaker and operator object-1');
  });

  test('is told without an id that is none', () => {
    expect(callerOf('ACIDelete', signedIn({ typ: 'oid', val: 'a b' }, 'operator'))).toBe('operator');
    expect(callerOf('ACIDelete', principal('operator'))).toBe('operator');
  });

  test('is not told for keys, for anybody, and for who did not sign in', () => {
    expect(callerOf('ACIDelete', principal('operator'), keys)).toBeUndefined();
    expect(callerOf('health', principal('operator'))).toBeUndefined();
    expect(callerOf('ACIDelete', null)).toBeUndefined();
  });

  test('is the container where a token proves it', () => {
    expect(callerOf('ACIReport', null)).toBe('its container');
  });
});

describe('the roles of a caller', () => {
  test('are claims of the type that the principal says roles have', () => {
    const claims = [
      { typ: 'app-roles', val: 'operator' },
      { typ: 'name', val: 'matchmaker' },
    ];
    expect(rolesOfPrincipal(encode({ auth_typ: 'aad', role_typ: 'app-roles', claims }))).toEqual(['operator']);
  });

  test('of another provider are none of ours', () => {
    const claims = [{ typ: 'roles', val: 'operator' }];
    expect(rolesOfPrincipal(encode({ auth_typ: 'github', claims })) ?? []).toEqual([]);
  });

  test("allow what their row says, and never what is a container's", () => {
    expect(isAllowed('anybody', [])).toBe(true);
    expect(isAllowed('containerToken', ['operator'])).toBe(false);
    expect(isAllowed(['operator'], ['read-only'])).toBe(false);
  });
});
