import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { httpStatusOf, type Failure, type FailureCode } from '../../domain/failure.ts';
import type { Violation } from '../../domain/violation.ts';

/** An answer that says no, thrown by whatever finds the reason and turned into a response in one place. */
export class Problem extends Error {
  readonly failure: Failure;
  /** Further members of the problem document. */
  readonly extensions: Readonly<Record<string, unknown>>;

  readonly headers: Readonly<Record<string, string>>;

  constructor(
    failure: Failure,
    extensions: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(failure.message);
    this.headers = headers;
    this.failure = failure;
    this.extensions = extensions;
  }
}

/** The problem document (RFC 9457) of a failure, with the status that its code has. */
export function problemResponse(
  { code, message }: Failure,
  extensions: Readonly<Record<string, unknown>> = {},
): HttpResponseInit {
  const status = httpStatusOf(code);
  const body = { type: 'about:blank', title: titleOf(code), status, detail: message, code, ...extensions };
  return { status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(body) };
}

/** The problem of a request that breaks rules; names the first field at the top and all of them in `errors`. */
export function violationProblem(violations: readonly Violation[], fallback: FailureCode): Problem {
  const [first] = violations;
  const field = first?.field ?? 'body';
  const expected = first?.expected ?? 'a valid request';
  const errors = violations
    .slice(0, MAX_ERRORS)
    .map(({ field: at, expected: what }) => ({ field: at, expected: what }));
  return new Problem(
    { code: first?.code ?? fallback, message: `${field}: expected ${expected}.` },
    { field, expected, errors },
  );
}

/** What a schema found wrong, in the words of the API. */
export function toViolations(error: z.ZodError, root = ''): Violation[] {
  return error.issues.flatMap((issue) => {
    const at = fieldName(root, issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: fieldName(at, [safeName(key)]), expected: 'no such field' }));
    }
    return [{ field: at === '' ? 'body' : at, expected: expectation(issue) }];
  });
}

const MAX_ERRORS = 20;

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `${article(issue.expected)} ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_key':
      return `another name: ${issue.issues.map(expectation).join(', ')}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

/** What is counted: a number stands for itself. */
function unitOf(origin: string): string {
  switch (origin) {
    case 'string':
      return ' characters';
    case 'array':
      return ' items';
    default:
      return '';
  }
}

/** A name that a caller made up is repeated only when it could be a misspelt one of ours. */
function safeName(name: PropertyKey): string {
  return /^[A-Za-z][\w-]{0,40}$/.test(String(name)) ? String(name) : '(unknown)';
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

function fieldName(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `${at}[${step}]` : `${at}${at === '' ? '' : '.'}${safeName(step)}`),
    root,
  );
}

function titleOf(code: Failure['code']): string {
  const words = code.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
