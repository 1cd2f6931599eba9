import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerGroupShape } from '../../../../../local/arm/wire/container-group-shape.ts';
import type { Json } from '../../../../../local/arm/wire/json.ts';
import { type Shape, shapeValue, withoutSecrets } from '../../../../../local/arm/wire/wire-shape.ts';

const SECRET = 'a-secret';

/** A value with `SECRET` wherever the shape has a secret. */
function fill(shape: Shape): Json {
  if (typeof shape === 'object') {
    if ('words' in shape) return shape.words[0] ?? '';
    if ('list' in shape) return [fill(shape.list), fill(shape.list)];
    return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, fill(field)]));
  }
  switch (shape) {
    case 'string':
      return 'text';
    case 'secret':
      return SECRET;
    case 'secretMap':
      return { key: SECRET };
    case 'stringMap':
      return { key: 'text' };
    case 'any':
      return {};
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
  }
}

test('a container group with every field keeps them all, and loses every secret when it is shown', () => {
  const full = fill(containerGroupShape);
  expect(shapeValue(full, containerGroupShape, '')).toEqual({ ok: true, value: full });
  const shown = JSON.stringify(withoutSecrets(full, containerGroupShape));
  const secretCount = JSON.stringify(full).split(SECRET).length - 1;
  expect(secretCount).toBe(18);
  expect(shown).not.toContain(SECRET);
  expect(shown).toContain('"secret":{}');
});

test('field names are matched in any letter case, null is absent, and what is unknown is left out', () => {
  const shape: Shape = { fields: { memoryInGB: 'number', cpu: 'number' } };
  expect(shapeValue({ MemoryInGb: 1.5, cpu: null, color: 'red' }, shape, '')).toEqual({
    ok: true,
    value: { memoryInGB: 1.5 },
  });
});

test.each<{ value: Json; path: string }>([
  { value: { properties: { containers: {} } }, path: 'properties.containers' },
  { value: { properties: { containers: [{ name: 7 }] } }, path: 'properties.containers[0].name' },
  {
    value: { properties: { containers: [{ properties: { ports: [{ port: 1.5 }] } }] } },
    path: 'properties.containers[0].properties.ports[0].port',
  },
  { value: { tags: { a: 1 } }, path: 'tags' },
  { value: [], path: '' },
])('a value of the wrong type is named by its path, $path', ({ value, path }) => {
  const shaped = shapeValue(value, containerGroupShape, '');
  expect(shaped.ok ? '' : shaped.problem).toContain(`Path '${path}'`);
});

test('no JSON value breaks it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- fast-check's name for the same thing
      const shaped = shapeValue(value as Json, containerGroupShape, '');
      if (shaped.ok) withoutSecrets(shaped.value, containerGroupShape);
    }),
  );
});

test('a word is taken in any letter case and kept in the spelling of the service; another one is left for the validation', () => {
  const shape: Shape = { fields: { type: { words: ['SystemAssigned, UserAssigned', 'None'] } } };
  const typeOf = (type: Json): unknown => shapeValue({ type }, shape, '');
  expect(typeOf('systemassigned,userassigned')).toEqual({ ok: true, value: { type: 'SystemAssigned, UserAssigned' } });
  expect(typeOf('NONE')).toEqual({ ok: true, value: { type: 'None' } });
  expect(typeOf('Some')).toEqual({ ok: true, value: { type: 'Some' } });
  expect(typeOf(7)).toMatchObject({ ok: false });
});
