import { describe, expect, test } from 'vitest';
import { policy, ROLES, type Access } from '../../../src/security/policy.ts';
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
