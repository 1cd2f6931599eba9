import { HistoryEventType } from '../../../local/host/durable/replay/history-event.ts';
import type { TestHub } from './fixture.ts';

const EVENT_NAMES = new Map<number, string>(Object.entries(HistoryEventType).map(([name, number]) => [number, name]));

/** What an orchestration scheduled and what came of it, each once though a result may come twice: "TaskScheduled 0", "TimerFired 1". */
export function steps({ hub }: TestHub, instanceId: string): string[] {
  const all = hub.client.history(instanceId).flatMap((event) => {
    const name = EVENT_NAMES.get(event.EventType) ?? '?';
    if ('TaskScheduledId' in event) return [`${name} ${event.TaskScheduledId}`];
    if ('TimerId' in event) return [`${name} ${event.TimerId}`];
    return event.EventId >= 0 ? [`${name} ${event.EventId}`] : [];
  });
  return [...new Set(all)];
}
