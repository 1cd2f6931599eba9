import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { faultProfiles } from '../../../local/arm/faults/fault-profiles.ts';
import { faultsSchema } from '../../../local/arm/faults/faults-schema.ts';
import { incidentFields, incidentKinds, incidentSchema } from '../../../local/arm/faults/incident-schema.ts';
import { codeBlocks, readPage, tableRows } from './markdown.ts';

const page = readPage('docs/faults.md');
const rows = tableRows(page, /^Field$/);
const documented = rows.flatMap(([names = '']) => codeOf(names));
const kindRows = tableRows(page, /^Kind$/).map(([kind = '', fields = '']) => ({ kind: codeOf(kind)[0] ?? '', fields }));

/** Fields that several kinds have; the others are a kind's own. */
const COMMON = [
  'kind',
  'fromSeconds',
  'untilSeconds',
  'forSeconds',
  'rate',
  'regions',
  'resourceGroups',
  'names',
  'images',
  'operations',
];

describe('the page of faults', () => {
  test('has every profile', () => {
    expect(tableRows(page, /^Profile$/).map(([name = '']) => codeOf(name)[0])).toEqual(Object.keys(faultProfiles));
  });

  test('has every field that holds all the time, and the fields that incidents have in common, and no others', () => {
    const always = pathsOf(z.toJSONSchema(faultsSchema, { io: 'input', unrepresentable: 'any' }), '');
    const expected = [...always.filter((path) => !path.startsWith('incidents')), 'quotas', ...COMMON];
    expect(documented.toSorted()).toEqual(expected.toSorted());
  });

  test('has every kind of incident', () => {
    expect(kindRows.map(({ kind }) => kind)).toEqual(incidentKinds);
  });

  test.each(kindRows)('has the own fields of $kind, with their defaults', ({ kind, fields }) => {
    const own = (incidentFields[kind] ?? []).filter((field) => !COMMON.includes(field));
    expect(codeOf(fields)).toEqual(own);
    const filledIn = incidentSchema.parse({
      kind,
      ...(kind === 'createdOutside' ? { resourceGroup: 'games', name: 'game-1', region: 'westeurope' } : {}),
    });
    const defaults = [...fields.matchAll(/`(\w+)` ([^,]+)/g)].map(([, field = '', value = '']) => [
      field,
      JSON.parse(value) as unknown,
    ]);
    expect(filledIn).toMatchObject(Object.fromEntries(defaults));
    for (const field of own) {
      const hasDefault = defaults.some(([name]) => name === field);
      const isGiven = ['resourceGroup', 'name', 'region'].includes(field);
      expect(Object.hasOwn(filledIn, field), field).toBe(hasDefault || isGiven);
    }
  });

  test('tells the defaults of the quotas, of a page and of a token', () => {
    const told = Object.fromEntries(
      rows.flatMap(([names = '', defaults = '']) =>
        codeOf(names).map((name, index) => [name, defaults.split(', ')[index]] as const),
      ),
    );
    const { quotas, arm, identity } = faultsSchema.parse({});
    for (const [name, value] of Object.entries(quotas)) expect(told[`quotas.${name}`]).toBe(String(value));
    expect(told['arm.pageSize']).toBe(String(arm.pageSize));
    expect(told['identity.tokenLifetimeSeconds']).toBe(String(identity.tokenLifetimeSeconds));
  });

  test('shows only JSON that the emulator takes', () => {
    const shown = [...codeBlocks(page, 'json'), ...[...page.matchAll(/-d '([^']+)'/g)].map(([, body = '']) => body)];
    expect(shown.length).toBeGreaterThan(1);
    for (const block of shown) expect(() => faultsSchema.parse(JSON.parse(block)), block).not.toThrow();
  });
});

function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The paths to all values of a schema, like `images.exits[].image`. */
function pathsOf(schema: z.core.JSONSchema._JSONSchema, path: string): string[] {
  if (typeof schema === 'boolean') return [];
  const { properties, items, anyOf }: JsonSchema = schema;
  if (properties) {
    const prefix = path === '' ? '' : `${path}.`;
    return Object.entries(properties).flatMap(([name, inner]) => pathsOf(inner, `${prefix}${name}`));
  }
  if (items !== undefined && !Array.isArray(items)) return pathsOf(items, `${path}[]`);
  const objects = (anyOf ?? []).filter((each) => typeof each !== 'boolean' && each.properties !== undefined);
  return objects.length > 0 ? objects.flatMap((each) => pathsOf(each, path)) : [path];
}
