import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem, problemResponse, toViolations, violationProblem } from '../../../../src/triggers/http/problem.ts';

describe('a problem document', () => {
  test('says what kind of failure it is to a person and to a program', () => {
    const { status, headers, body } = problemResponse({ code: 'sessionsActive', message: 'Somebody plays.' });
    expect(status).toBe(409);
    expect(headers).toEqual({ 'content-type': 'application/problem+json' });
    expect(JSON.parse(z.string().parse(body))).toEqual({
      type: 'about:blank',
      title: 'Sessions active',
      status: 409,
      detail: 'Somebody plays.',
      code: 'sessionsActive',
    });
  });

  test('has further members', () => {
    const { body } = problemResponse({ code: 'alreadyExists', message: 'It exists.' }, { state: 'Running' });
    expect(JSON.parse(z.string().parse(body))).toMatchObject({ status: 409, state: 'Running' });
  });
});

test('a problem that is thrown carries its failure, its members and its headers', () => {
  const failure = { code: 'tooManyReports', message: 'Slow down.' } as const;
  const problem = new Problem(failure, { limit: 5 }, { 'Retry-After': '1' });
  expect(problem.message).toBe('Slow down.');
  expect(problem).toMatchObject({ failure, extensions: { limit: 5 }, headers: { 'Retry-After': '1' } });
});

describe('the problem of a request that breaks rules', () => {
  const violation = { field: 'a', expected: 'b' };

  test('names the first field at the top, and all of them below', () => {
    const { failure, extensions } = violationProblem([violation, { field: 'c', expected: 'd' }], 'invalidSpec');
    expect(failure).toEqual({ code: 'invalidSpec', message: 'a: expected b.' });
    expect(extensions).toEqual({ field: 'a', expected: 'b', errors: [violation, { field: 'c', expected: 'd' }] });
  });

  test("takes a violation's own code", () => {
    expect(violationProblem([{ ...violation, code: 'notAllowed' }], 'invalidSpec').failure.code).toBe('notAllowed');
  });

  test('names no more than twenty fields', () => {
    const { extensions } = violationProblem(
      Array.from({ length: 30 }, () => violation),
      'invalidSpec',
    );
    expect(extensions['errors']).toHaveLength(20);
  });

  test('blames the body when there is no field to blame', () => {
    expect(violationProblem([], 'invalidRequest').failure.message).toBe('body: expected a valid request.');
  });
});

describe('what a schema found wrong', () => {
  const schema = z.strictObject({
    text: z.string().min(2).max(4),
    count: z.int().min(1).max(9),
    list: z.array(z.strictObject({ kind: z.enum(['one', 'two']) })).max(2),
    url: z.url({ error: 'a URL' }).optional(),
    even: z
      .number()
      .refine((value) => value % 2 === 0, { error: 'an even number' })
      .optional(),
    object: z.object({}).optional(),
    labels: z.record(z.string().min(1).max(3), z.string()).optional(),
  });
  const good = { text: 'abc', count: 3, list: [] };

  test.each<[string, object, string, string]>([
    ['a text of another type', { text: 7 }, 'text', 'a string'],
    ['what should be an object', { object: 7 }, 'object', 'an object'],
    ['a short text', { text: 'a' }, 'text', 'at least 2 characters'],
    ['a long text', { text: 'abcde' }, 'text', 'at most 4 characters'],
    ['half a number', { count: 1.5 }, 'count', 'a whole number'],
    ['a small number', { count: 0 }, 'count', 'at least 1'],
    ['a large number', { count: 10 }, 'count', 'at most 9'],
    ['a long list', { list: [{ kind: 'one' }, { kind: 'one' }, { kind: 'one' }] }, 'list', 'at most 2 items'],
    ['a word that is none of ours', { list: [{ kind: 'three' }] }, 'list[0].kind', 'one of one, two'],
    ['a field that is none of ours', { txt: 1 }, 'txt', 'no such field'],
    ['a field of an item that is none of ours', { list: [{ kind: 'one', sort: 1 }] }, 'list[0].sort', 'no such field'],
    ['a name that could be anything', { '<script>': 1 }, '(unknown)', 'no such field'],
    ['a long name', { labels: { fleets: 'x' } }, 'labels.fleets', 'another name: at most 3 characters'],
    ['another format', { url: 'here' }, 'url', 'a URL'],
    ['a rule of our own', { even: 3 }, 'even', 'an even number'],
  ])('is told of %s', (_, change, field, expected) => {
    expect(violationsOf({ ...good, ...change })).toEqual([{ field, expected }]);
  });

  test('is told of the body itself', () => {
    expect(violationsOf('text')).toEqual([{ field: 'body', expected: 'an object' }]);
  });

  test('is told below a root', () => {
    expect(violationsOf({ ...good, count: 0 }, 'containerGroup')).toMatchObject([{ field: 'containerGroup.count' }]);
    expect(violationsOf([], 'wait')).toMatchObject([{ field: 'wait' }]);
  });

  function violationsOf(value: unknown, root?: string) {
    const { error } = schema.safeParse(value);
    return error === undefined ? [] : toViolations(error, root);
  }
});
