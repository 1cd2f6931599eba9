import { describe, expect, test } from 'vitest';
import { compileRouteTemplate } from '../../../../../local/host/http/route-template.ts';

const match = (template: string, path: string): Record<string, string> | undefined =>
  compileRouteTemplate(template)(path === '' ? [] : path.split('/'));

describe('what a template takes from a path', () => {
  test.each([
    { description: 'a literal', template: 'api/items', path: 'api/items', values: {} },
    { description: 'a literal in another letter case', template: 'api/Items', path: 'API/iTEMS', values: {} },
    { description: 'an empty template and the root', template: '', path: '', values: {} },
    { description: 'a parameter', template: 'items/{id}', path: 'items/5', values: { id: '5' } },
    {
      description: 'a parameter that keeps its letter case',
      template: 'items/{Id}',
      path: 'items/aB',
      values: { Id: 'aB' },
    },
    {
      description: 'an optional parameter that is there',
      template: 'items/{id?}',
      path: 'items/5',
      values: { id: '5' },
    },
    { description: 'an optional parameter that is not', template: 'items/{id?}', path: 'items', values: {} },
    { description: 'a default that is used', template: 'items/{id=7}', path: 'items', values: { id: '7' } },
    { description: 'a default that is not', template: 'items/{id=7}', path: 'items/8', values: { id: '8' } },
    { description: 'a constraint and a default', template: 'items/{id:int=7}', path: 'items', values: { id: '7' } },
    { description: 'an optional parameter with a constraint', template: 'items/{id:int?}', path: 'items', values: {} },
    {
      description: 'a catch-all with slashes',
      template: 'files/{*path}',
      path: 'files/a/b/c',
      values: { path: 'a/b/c' },
    },
    { description: 'a catch-all of two stars', template: 'files/{**path}', path: 'files/a/b', values: { path: 'a/b' } },
    { description: 'a catch-all with nothing left', template: 'files/{*path}', path: 'files', values: {} },
    { description: 'two constraints', template: '{id:int:min(3)}', path: '3', values: { id: '3' } },
    {
      description: 'a segment of several parts',
      template: '{name}.{extension}',
      path: 'a.b.txt',
      values: { name: 'a.b', extension: 'txt' },
    },
    {
      description: 'an optional extension that is there',
      template: '{name}.{extension?}',
      path: 'a.b.txt',
      values: { name: 'a.b', extension: 'txt' },
    },
    {
      description: 'an optional extension that is not',
      template: '{name}.{extension?}',
      path: 'a',
      values: { name: 'a' },
    },
    {
      description: 'a literal in front of a parameter',
      template: 'v{version}/x',
      path: 'V2/x',
      values: { version: '2' },
    },
    {
      description: 'a regex with slash, colon, equals and braces',
      template: String.raw`{x:regex(^a/b:c=\d{{2}}$)}`,
      path: '',
      values: undefined,
    },
    {
      description: 'a regex with a count',
      template: String.raw`{x:regex(^\d{{2}}$)}`,
      path: '42',
      values: { x: '42' },
    },
    { description: 'a regex in another letter case', template: '{x:regex(^ab$)}', path: 'AB', values: { x: 'AB' } },
    { description: 'doubled braces, one of text', template: '{{x}}', path: '{x}', values: {} },
    { description: 'a longer path', template: 'items/{id}', path: 'items/5/more', values: undefined },
    { description: 'a shorter path', template: 'items/{id}', path: 'items', values: undefined },
    { description: 'an empty segment', template: 'items/{id}/x', path: 'items//x', values: undefined },
    { description: 'a broken constraint', template: 'items/{id:int}', path: 'items/x', values: undefined },
    { description: 'the second of two constraints broken', template: '{id:int:min(3)}', path: '2', values: undefined },
    { description: 'an extension without a name', template: '{name}.{extension?}', path: 'a.', values: undefined },
  ])('$description: $template of $path', ({ template, path, values }) => {
    expect(match(template, path)).toEqual(values);
  });
});

describe('constraints', () => {
  test.each([
    { constraint: 'int', good: ['0', '-5', '2147483647'], bad: ['2147483648', '1.5', 'x', ''] },
    { constraint: 'long', good: ['9223372036854775807'], bad: ['9223372036854775808'] },
    { constraint: 'bool', good: ['true', 'FALSE'], bad: ['1', 'yes'] },
    { constraint: 'alpha', good: ['abC'], bad: ['a1'] },
    {
      constraint: 'guid',
      good: ['CD2C1638-1638-72D5-1638-DEADBEEF1638', 'cd2c1638163872d51638deadbeef1638'],
      bad: ['cd2c1638'],
    },
    { constraint: 'decimal', good: ['49.99', '-1'], bad: ['1e3', 'x'] },
    { constraint: 'double', good: ['1e3', '1.5'], bad: ['x'] },
    { constraint: 'float', good: ['1.5'], bad: ['1,x'] },
    { constraint: 'datetime', good: ['2016-12-31'], bad: ['yesterday'] },
    { constraint: 'minlength(3)', good: ['abc'], bad: ['ab'] },
    { constraint: 'maxlength(3)', good: ['abc'], bad: ['abcd'] },
    { constraint: 'length(3)', good: ['abc'], bad: ['ab', 'abcd'] },
    { constraint: 'length(2,3)', good: ['ab', 'abc'], bad: ['a', 'abcd'] },
    { constraint: 'min(18)', good: ['18'], bad: ['17', 'x'] },
    { constraint: 'max(18)', good: ['18', '-1'], bad: ['19'] },
    { constraint: 'range(1,5)', good: ['1', '5'], bad: ['0', '6'] },
    { constraint: 'required', good: ['x'], bad: [] },
  ])('$constraint', ({ constraint, good, bad }) => {
    for (const text of good) expect(match(`{x:${constraint}}`, text), text).toEqual({ x: text });
    for (const text of bad) expect(match(`{x:${constraint}}`, text), text).toBeUndefined();
  });
});

test.each([
  { description: 'an unknown constraint', template: '{x:integer}', message: "There is no route constraint 'integer'." },
  {
    description: 'a constraint without its number',
    template: '{x:min(a)}',
    message: "There is no route constraint 'min(a)'.",
  },
  {
    description: 'a brace that stays open',
    template: 'a/{x',
    message: "The route template 'a/{x' is not valid at '{x'.",
  },
  {
    description: 'a parameter without a name',
    template: '{:int}',
    message: "The route parameter '{:int}' has no name.",
  },
  {
    description: 'a catch-all in the middle',
    template: '{*rest}/x',
    message: "The route '{*rest}/x' has a catch-all parameter that is not its last segment.",
  },
  { description: 'an empty segment', template: 'a//b', message: "The route template 'a//b' is not valid at ''." },
])('$description is refused', ({ template, message }) => {
  expect(() => compileRouteTemplate(template)).toThrow(message);
});
