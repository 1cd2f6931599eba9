import { StartError } from '../start-error.ts';

/** Whether the text of a route value fits; the text is decoded already. */
export type RouteConstraint = (value: string) => boolean;

const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;
const NUMBER = /^\s*[+-]?(\d[\d,]*\.?\d*|\.\d+)\s*$/;
const FLOAT = /^\s*[+-]?((\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?|infinity|nan)\s*$/i;
const GUID =
  /^(\{[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}|\([\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\)|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32})$/i;

const withoutArgument: Record<string, RouteConstraint> = {
  alpha: (value) => /^[a-z]*$/i.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: (value) => NUMBER.test(value),
  double: (value) => FLOAT.test(value),
  float: (value) => FLOAT.test(value),
  guid: (value) => GUID.test(value),
  int: (value) => isBetween(value, -INT_MAX - 1n, INT_MAX),
  long: (value) => isBetween(value, -LONG_MAX - 1n, LONG_MAX),
  required: (value) => value !== '',
};

const withNumbers: Record<string, (...limits: bigint[]) => RouteConstraint> = {
  length:
    (min = 0n, max = min) =>
    (value) =>
      value.length >= min && value.length <= max,
  max:
    (limit = 0n) =>
    (value) =>
      isBetween(value, -LONG_MAX - 1n, limit),
  maxlength:
    (limit = 0n) =>
    (value) =>
      value.length <= limit,
  min:
    (limit = 0n) =>
    (value) =>
      isBetween(value, limit, LONG_MAX),
  minlength:
    (limit = 0n) =>
    (value) =>
      value.length >= limit,
  range:
    (min = 0n, max = 0n) =>
    (value) =>
      isBetween(value, min, max),
};

/**
 * Makes the constraint that a route template names, such as `int` or `range(1,5)`, with the meanings of ASP.NET Core
 * (learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints). Throws a `StartError` for one that doesn't exist.
 */
export function createRouteConstraint(text: string): RouteConstraint {
  const [, name = text, argument] = /^([^(]+)\((.*)\)$/s.exec(text) ?? [];
  const plain = withoutArgument[name.toLowerCase()];
  if (plain && argument === undefined) return plain;
  if (name.toLowerCase() === 'regex' && argument !== undefined) {
    const pattern = new RegExp(argument, 'i');
    return (value) => pattern.test(value);
  }
  const numeric = withNumbers[name.toLowerCase()];
  if (numeric && argument !== undefined && /^\s*-?\d+\s*(,\s*-?\d+\s*)?$/.test(argument)) {
    return numeric(...argument.split(',').map((part) => BigInt(part.trim())));
  }
  throw new StartError(`There is no route constraint '${text}'.`);
}

function isBetween(value: string, min: bigint, max: bigint): boolean {
  if (!/^\s*[+-]?\d+\s*$/.test(value)) return false;
  const number = BigInt(value.trim().replace(/^\+/, ''));
  return number >= min && number <= max;
}
