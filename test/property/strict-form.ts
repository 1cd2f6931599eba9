import { z } from 'zod';

/**
 * The same shape, which refuses every field that it does not know wherever it stands, however the shape itself takes one. Throws
 * for a kind of shape that it can't look into, so that none goes unchecked.
 */
export function strictForm(schema: z.core.$ZodType): z.ZodType {
  if (isObject(schema)) {
    const fields = Object.entries<z.core.$ZodType>(schema.shape).map(([name, field]) => [name, strictForm(field)]);
    return z.strictObject(Object.fromEntries(fields));
  }
  if (schema instanceof z.ZodUnion) {
    return z.union(schema.options.map(strictForm));
  }
  if (schema instanceof z.ZodArray) {
    return z.array(strictForm(schema.element));
  }
  if (schema instanceof z.ZodExactOptional) {
    return strictForm(schema.unwrap()).exactOptional();
  }
  // A record's names are free; the others have no fields.
  if (
    schema instanceof z.ZodRecord ||
    schema instanceof z.ZodString ||
    schema instanceof z.ZodStringFormat ||
    schema instanceof z.ZodNumber ||
    schema instanceof z.ZodEnum ||
    schema instanceof z.ZodLiteral
  ) {
    return schema;
  }
  throw new Error(`There is no strict form of a ${schema._zod.def.type} yet.`);
}

/** The fields would be `any` after a bare `instanceof`. */
function isObject(schema: z.core.$ZodType): schema is z.ZodObject {
  return schema instanceof z.ZodObject;
}
