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
