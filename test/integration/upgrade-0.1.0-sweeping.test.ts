import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyLeftBehind } from '../fixtures/left-behind.ts';
import { namesInArm } from './stack/arm-client.ts';
import { groupOf, idOf } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

// The stack is killed while ARM has two deletions of a sweep under way, and this version goes on with what it finds a minute later.
const before = copyLeftBehind('0.1.0/killed-while-sweeping');
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ dataDirectory: before.dataDirectory, startMs: before.takenAtMs + 60_000 });
});

afterAll(async () => {
  await stack.stop();
});

test('the sweep that was under way ends, and reports what it has collected', async () => {
  const sweep = before.orchestrations.find(({ id }) => id === 'collect-garbage');
  const { number, phase } = JSON.parse(sweep?.phase ?? '{}');
  expect(phase).toBe('sweeping');
  const report = await stack.advanceUntil(async () => {
    const { body } = await stack.api('ACIGC');
    return body.number === number && body;
  });
  expect(report).toMatchObject({ collectedCount: 2, collected: [idOf('swept-1'), idOf('swept-2')], failedCount: 0 });
});

test('the next sweep comes, and spares what is in use', async () => {
  const { body } = await stack.api('ACIGC');
  const next = await stack.advanceUntil(async () => {
    const { body: report } = await stack.api('ACIGC');
    return report.number === body.number + 1 && report;
  });
  expect(next).toMatchObject({ collectedCount: 0, failedCount: 0 });
  expect(await groupOf(stack, 'marked-busy')).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 2 });
});

test('in the end Azure has all but what was swept, and nothing was logged as an error', async () => {
  const kept = before.inAzure.filter((key) => !key.includes('swept')).map((key) => key.split('/')[1]);
  expect((await namesInArm(stack.arm)).toSorted()).toEqual(kept);
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});
