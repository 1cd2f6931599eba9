import { test } from 'vitest';
import { startStack } from './started-stack.ts';
import { walkStory } from './story.ts';

test('a group lives from its creation to its collection', async () => {
  await using stack = await startStack(['--profile', 'fast']);
  await walkStory(stack);
});

test.each(['no-events', 'doubled-reversed-events'])('it does so with the faults %s', async (faults) => {
  await using stack = await startStack(['--profile', 'fast', '--faults', faults]);
  await walkStory(stack);
});
