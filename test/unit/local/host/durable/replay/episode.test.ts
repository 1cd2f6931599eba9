import { expect, it } from 'vitest';
import { findEpisodeTimestamp } from '../../../../../../local/host/durable/replay/episode.ts';
import { HistoryEventType } from '../../../../../../local/host/durable/replay/history-event.ts';
import type { HistoryEvent } from '../../../../../../local/host/durable/replay/history-event.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
const started = (second: number): HistoryEvent => ({
  EventType: HistoryEventType.OrchestratorStarted,
  EventId: -1,
  Timestamp: at(second),
});
const fired = (second: number): HistoryEvent => ({
  EventType: HistoryEventType.TimerFired,
  EventId: -1,
  Timestamp: at(second),
  TimerId: 0,
  FireAt: at(second),
});

it.each([
  { what: 'the clock', nowSecond: 20, past: [started(10)], batch: [fired(15)], expected: 20 },
  {
    what: 'the timer that fired, when the clock was set back',
    nowSecond: 5,
    past: [started(1)],
    batch: [fired(9)],
    expected: 9,
  },
  { what: 'the last episode, when the clock was set back', nowSecond: 5, past: [started(8)], batch: [], expected: 8 },
  { what: 'the clock in the first episode', nowSecond: 5, past: [], batch: [], expected: 5 },
])('an episode has the time of $what', ({ nowSecond, past, batch, expected }) => {
  expect(findEpisodeTimestamp(Date.parse(at(nowSecond)), past, batch)).toBe(at(expected));
});
