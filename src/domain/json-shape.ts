import type { Violation } from './violation.ts';

/** The deepest field of a spec is eleven levels down; an extension's own settings may go deeper. */
export const MAX_JSON_DEPTH = 32;

/** A secret volume's file in base64 is the longest text that a spec holds. */
export const MAX_STRING_LENGTH = 256 * 1024;

/** The longest name that Azure takes anywhere in a spec is a tag's, of 512 characters. */
export const MAX_NAME_LENGTH = 1024;

/** Names through which a copy of an object can reach its prototype. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a parsed document is too deep, holds too long a text, or a name that could pollute a prototype. */
export function checkJsonShape(value: unknown): Violation[] {
  return checkAt(value, 0);
}

function checkAt(value: unknown, depth: number): Violation[] {
  if (typeof value === 'string') {
    return value.length > MAX_STRING_LENGTH ? refuse(`texts of at most ${MAX_STRING_LENGTH} characters`) : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (depth >= MAX_JSON_DEPTH) {
    return refuse(`a document of at most ${MAX_JSON_DEPTH} levels`);
  }
  const names = Array.isArray(value) ? [] : Object.keys(value);
  if (names.some((name) => FORBIDDEN_NAMES.has(name))) {
    return refuse('no field named __proto__, constructor or prototype');
  }
  if (names.some((name) => name.length > MAX_NAME_LENGTH)) {
    return refuse(`fields with names of at most ${MAX_NAME_LENGTH} characters`);
  }
  for (const item of Object.values(value)) {
    const violations = checkAt(item, depth + 1);
    if (violations.length > 0) {
      return violations;
    }
  }
  return [];
}

function refuse(expected: string): Violation[] {
  return [{ field: 'body', expected }];
}
