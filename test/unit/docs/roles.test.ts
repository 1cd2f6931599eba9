import { describe, expect, test } from 'vitest';
import { functionsByRole, policy, ROLES, type Access } from '../../../src/security/policy.ts';
import { readPage, tableRows } from './markdown.ts';

const rows = tableRows(readPage('README.md'), /^Function$/);

function roleCell(access: Access): string {
  switch (access) {
    case 'anybody':
      return 'anybody';
    case 'containerToken':
      return "the container's own token";
    default:
      return access.join(', ');
  }
}

describe("the README's table of the API", () => {
  test.each(Object.entries<Access>(policy))('says who may call %s', (name, access) => {
    const roles = rows.filter(([cell = '']) => cell.includes(`\`${name}\``)).map(([, role]) => role);
    expect(roles).toContain(roleCell(access));
  });

  test('knows no other role', () => {
    const known = new Set<string>([...ROLES, 'anybody', "the container's own token", 'Event Grid']);
    expect(rows.flatMap(([, cell = '']) => cell.split(', ')).filter((role) => !known.has(role))).toEqual([]);
  });
});

/** What SECURITY.md calls the use of each function. */
const uses: Record<string, string> = {
  list: 'ACIList',
  'details (logs too)': 'ACIDetails',
  'the last sweep': 'ACIGCReport',
  'create within the limits below': 'ACICreate',
  'report sessions of any group': 'ACISetSessions',
  'follow operations': 'ACIOperation',
  'lease seats of any fleet': 'ACIAllocate',
  'act on leases': 'ACILease',
  delete: 'ACIDelete',
  mark: 'ACISetState',
  sweep: 'ACIGC',
};

describe("SECURITY.md's table of actors", () => {
  const actors = tableRows(readPage('SECURITY.md'), /^Actor$/);

  test('says what each role can do', () => {
    const toldBefore: string[] = [];
    for (const role of ['read-only', 'matchmaker', 'operator'] as const) {
      const can = actors.find(([actor]) => actor === `\`${role}\``)?.[1] ?? '';
      const told = can.split(/, (?:and )?/).flatMap((use) => (use === 'all of that' ? toldBefore : [uses[use] ?? use]));
      expect([...new Set(told)].toSorted(), role).toEqual(functionsByRole()[role]);
      toldBefore.push(...told);
    }
  });
});
