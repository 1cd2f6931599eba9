import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * What a value on the wire may be. `secret` is text that is taken and never shown again; `secretMap` an object whose values are.
 * `any` is an object of which we know nothing but that it may be shown; `words` a text that is one of these, in any letter case, which the
 * service shows in its own spelling. Whether it is one of them, is for the validation to say, unless it is the `enumeration` of this name
 * into which the service reads it.
 */
export type Shape =
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'any'
  | 'secret'
  | 'secretMap'
  | 'stringMap'
  | { readonly words: readonly string[]; readonly enumeration?: string }
  | { readonly list: Shape }
  | { readonly fields: Fields; readonly required?: readonly string[] };

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, Shape>>;

/** A value of the right shape, or what is wrong with it. */
export type Shaped = { ok: true; value: Json } | { ok: false; problem: string };

/**
 * Checks a value against its shape and copies what the shape names: field names are matched without regard to case, as the service's
 * deserialiser does (`memoryInGb` is in use everywhere), what is `null` counts as absent, and unknown fields are left out. What it says
 * of a `required` field that is absent is the deserialiser's own text (Azure/azure-sdk-for-js 36767), without the line and the position.
 */
export function shapeValue(value: Json, shape: Shape, path: string): Shaped {
  if (typeof shape === 'object') {
    if ('words' in shape) return shapeWord(value, shape, path);
    return 'list' in shape ? shapeList(value, shape.list, path) : shapeFields(value, shape, path);
  }
  return isOfShape(value, shape) ? { ok: true, value } : wrong(path, EXPECTED[shape]);
}

/** Copies a value that `shapeValue` gave, without its secrets. */
export function withoutSecrets(value: Json, shape: Shape): Json | undefined {
  if (shape === 'secret') return undefined;
  if (shape === 'secretMap') return {};
  if (typeof shape !== 'object' || 'words' in shape) return value;
  if ('list' in shape) {
    if (!Array.isArray(value)) return undefined;
    return value.flatMap((item) => withoutSecrets(item, shape.list) ?? []);
  }
  if (!isJsonObject(value)) return undefined;
  const shown: JsonObject = {};
  for (const [name, fieldShape] of Object.entries(shape.fields)) {
    const field = value[name];
    const shownField = field === undefined ? undefined : withoutSecrets(field, fieldShape);
    if (shownField !== undefined) shown[name] = shownField;
  }
  return shown;
}

const EXPECTED: Readonly<Record<Exclude<Shape, object>, string>> = {
  string: 'a string',
  secret: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  any: 'an object',
  stringMap: 'an object with string values',
  secretMap: 'an object with string values',
};

function isOfShape(value: Json, shape: Exclude<Shape, object>): boolean {
  switch (shape) {
    case 'string':
    case 'secret':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'any':
      return isJsonObject(value);
    case 'stringMap':
    case 'secretMap':
      return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string');
  }
}

function shapeWord(value: Json, { words, enumeration }: Extract<Shape, { words: unknown }>, path: string): Shaped {
  if (typeof value !== 'string') return wrong(path, EXPECTED.string);
  const word = words.find((candidate) => bare(candidate) === bare(value));
  if (word !== undefined || enumeration === undefined) return { ok: true, value: word ?? value };
  return { ok: false, problem: `Error converting value "${value}" to type '${enumeration}'. Path '${path}'.` };
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}

function shapeList(value: Json, shape: Shape, path: string): Shaped {
  if (!Array.isArray(value)) return wrong(path, 'an array');
  const items: Json[] = [];
  for (const [index, item] of value.entries()) {
    const shaped = shapeValue(item, shape, `${path}[${index}]`);
    if (!shaped.ok) return shaped;
    items.push(shaped.value);
  }
  return { ok: true, value: items };
}

function shapeFields(
  value: Json,
  { fields, required = [] }: Extract<Shape, { fields: unknown }>,
  path: string,
): Shaped {
  if (!isJsonObject(value)) return wrong(path, 'an object');
  const given = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
  const copy: JsonObject = {};
  for (const [name, shape] of Object.entries(fields)) {
    const field = given.get(name.toLowerCase());
    if (field === undefined || field === null) continue;
    const shaped = shapeValue(field, shape, path === '' ? name : `${path}.${name}`);
    if (!shaped.ok) return shaped;
    copy[name] = shaped.value;
  }
  const missing = required.find((name) => copy[name] === undefined);
  return missing === undefined
    ? { ok: true, value: copy }
    : { ok: false, problem: `Required property '${missing}' not found in JSON. Path '${path}'.` };
}

function wrong(path: string, expected: string): Shaped {
  return { ok: false, problem: `Error converting value. Path '${path}': expected ${expected}.` };
}
