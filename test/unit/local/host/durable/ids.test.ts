import { expect, it } from 'vitest';
import { parseEntityInstanceId, toEntityInstanceId } from '../../../../../local/host/durable/entity-id.ts';
import { createIdSource, findInstanceIdProblem } from '../../../../../local/host/durable/ids.ts';

it('ids are the same for the same seed and store, and others after each opening', () => {
  const random = () => 0.5;
  const first = createIdSource(random, 1);
  const made = [first.nextId(), first.nextId()];
  expect(made[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(made).size).toBe(2);
  expect(createIdSource(random, 1).nextId()).toBe(made[0]);
  expect(createIdSource(random, 2).nextId()).not.toBe(made[0]);
  expect(first.nextGuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
});

it.each([
  { what: 'a plain id', id: 'provision:group:name', expected: undefined },
  { what: 'an empty id', id: '', expected: /have 1 to 256/ },
  { what: 'an id of 256 characters', id: 'x'.repeat(256), expected: undefined },
  { what: 'an id of 257 characters', id: 'x'.repeat(257), expected: /this one has 257/ },
  { what: 'an entity', id: '@a@b', expected: /must not start with @/ },
  { what: 'a question mark', id: 'a?b', expected: /must not contain/ },
  { what: 'a backslash', id: 'a\\b', expected: /must not contain/ },
  { what: 'a control character', id: 'a\u0085b', expected: /must not contain/ },
])('$what as an instance id', ({ id, expected }) => {
  const problem = findInstanceIdProblem(id);
  if (expected) expect(problem).toMatch(expected);
  else expect(problem).toBeUndefined();
});

it.each([
  { instanceId: '@counter@k', id: { name: 'counter', key: 'k' } },
  { instanceId: '@Counter@K@2', id: { name: 'counter', key: 'K@2' } },
  { instanceId: '@counter@', id: { name: 'counter', key: '' } },
  { instanceId: '@counter', id: undefined },
  { instanceId: '@@k', id: undefined },
  { instanceId: 'counter@k', id: undefined },
])('$instanceId as an entity', ({ instanceId, id }) => {
  expect(parseEntityInstanceId(instanceId)).toEqual(id);
  if (id) expect(toEntityInstanceId(id)).toBe(`@${id.name}@${id.key}`);
});
