import { expect, test } from 'vitest';
import { createArmView } from '../e2e/arm-view.ts';
import { createHttpCalls } from '../e2e/http-calls.ts';
import { walkStory } from '../e2e/story.ts';

const {
  STORY_URL: url = 'http://127.0.0.1:7071',
  STORY_DATA_DIR: dataDirectory = '.local-func',
  STORY_ARM_PORT: armPort = '7443',
} = process.env;

test(`a group lives from its creation to its collection at ${url}`, async () => {
  const stack = { ...createHttpCalls(() => url), ...createArmView(dataDirectory, () => Number(armPort)) };
  expect(await stack.armGroups(), 'the stack has to be a fresh one (--fresh)').toEqual([]);
  await walkStory(stack);
});
