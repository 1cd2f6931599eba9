import { z } from 'zod';

/**
 * An object that another version of the app may have written: fields that this one does not know are kept, so that they are
 * still there when it writes the object back. The compiler sees only the fields of the shape.
 */
export function openObject<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape);
}

/**
 * One of the known words, or one of another version of the app, which is kept as it is. To the compiler that one is no word at
 * all, so that a look-up or a switch has to say what becomes of it.
 */
export function openEnum<Words extends z.core.util.EnumLike>(known: z.ZodEnum<Words>) {
  return z.union([known, z.string().brand<'unknown'>()]);
}

/** Undefined where a value is of another shape. */
export function readable<Shape extends z.ZodType>(shape: Shape) {
  return z.union([shape, z.unknown().transform(() => undefined)]).optional();
}
