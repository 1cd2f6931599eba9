import { expect, test } from 'vitest';
import { createEventCounts } from '../../../src/triggers/event-counts.ts';

test('events are counted by what became of them', () => {
  const counts = createEventCounts();
  expect(counts.snapshot()).toEqual({});
  counts.add('raised');
  counts.add('malformed');
  counts.add('raised');
  expect(counts.snapshot()).toEqual({ raised: 2, malformed: 1 });
});
