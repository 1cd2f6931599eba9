import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accessOf, functionsByRole, policy, ROLES } from '../../../src/security/policy.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('the policy table', () => {
  test('has a row for every HTTP function, and none for anything else', () => {
    const folder = new URL('src/triggers/http/', root);
    const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const names = sources.flatMap((source) =>
      [...source.matchAll(/^ {4}name: '(\w+)',\n {4}methods:/gm)].map(([, name]) => String(name)),
    );
    expect(Object.keys(policy).toSorted()).toEqual(names.toSorted());
  });

  test('says who may call each', () => {
    expect(accessOf('ACIDelete')).toEqual(['operator']);
    expect(accessOf('ACIReport')).toBe('containerToken');
    expect(accessOf('health')).toBe('anybody');
  });

  test('lets an operator do whatever any role may, and a reader change nothing', () => {
    const { operator, matchmaker, 'read-only': reader } = functionsByRole();
    for (const name of [...matchmaker, ...reader]) {
      expect(operator).toContain(name);
    }
    expect(reader).toEqual(['ACIDetails', 'ACIGCReport', 'ACIList']);
  });

  test('is what the deployment sets its keys by', () => {
    expect(JSON.parse(read('infra/role-functions.json'))).toEqual(functionsByRole());
    expect(Object.keys(functionsByRole())).toEqual(ROLES);
  });
});
