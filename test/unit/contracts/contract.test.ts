import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineActivity, defineEntity, defineEvent, defineOrchestrator } from '../../../src/contracts/contract.ts';

const text = z.object({ text: z.string() });

test('a contract is a name with the shapes of what crosses the boundary', () => {
  expect(defineActivity('act', { input: text, output: text })).toEqual({
    kind: 'activity',
    name: 'act',
    input: text,
    output: text,
  });
  expect(defineOrchestrator('run', { versions: ['0.1.0'], input: text, output: text, status: text })).toMatchObject({
    kind: 'orchestrator',
    name: 'run',
    versions: ['0.1.0'],
    status: text,
  });
  expect(defineEvent('rain', text)).toEqual({ kind: 'event', name: 'rain', data: text });
});

const first = { schemaVersion: 1, migrations: {} };

test("an entity's name is lower case, as the host compares it", () => {
  expect(defineEntity('containerGroup', { ...first, state: text, operations: {} }).name).toBe('containergroup');
});

test('an entity can migrate every earlier schema', () => {
  const shapes = { state: text, operations: {}, migrations: { 2: (state: unknown) => state } };
  expect(() => defineEntity('group', { ...shapes, schemaVersion: 3 })).toThrow(
    'The entity group has no migration from version 1 of its schema.',
  );
});
