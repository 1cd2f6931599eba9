import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const roles = z
  .record(z.enum(['matchmaker', 'operator', 'read-only']), z.array(z.string()))
  .parse(JSON.parse(readFileSync(new URL('../../../infra/role-functions.json', import.meta.url), 'utf8')));

describe('the functions of a role', () => {
  const triggers = new URL('../../../src/triggers/http/', import.meta.url);
  const source = readdirSync(triggers).map((file) => readFileSync(new URL(file, triggers), 'utf8'));

  it.for(Object.values(roles).flat())('exist, or the deployment would fail: %s', (name) => {
    expect(source.some((text) => text.includes(`name: '${name}'`))).toBe(true);
  });

  it('are named once each, in order', () => {
    for (const names of Object.values(roles)) expect(names).toStrictEqual([...new Set(names)].toSorted());
  });

  it('let nobody but an operator delete, mark or sweep', () => {
    for (const name of ['ACIDelete', 'ACISetState', 'ACIGC']) {
      expect(Object.entries(roles).filter(([, names]) => names.includes(name))).toStrictEqual([
        ['operator', roles.operator],
      ]);
    }
  });

  it('let a reader change nothing', () => {
    expect(roles['read-only']).toStrictEqual(['ACIDetails', 'ACIGCReport', 'ACIList']);
  });
});
