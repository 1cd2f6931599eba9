/** What became of an event: acted on, or why it was ignored. */
export type EventOutcome =
  | 'raised'
  | 'absenceRecorded'
  | 'tagMissingRecorded'
  | 'notNeeded'
  | 'unknownProvider'
  | 'unknownType'
  | 'unknownGroup'
  | 'newerState'
  | 'foreign'
  | 'malformed';

/** Counts events by what became of them, since this instance started. */
export interface EventCounts {
  add(outcome: EventOutcome): void;
  snapshot(): Partial<Record<EventOutcome, number>>;
}

/** Starts counting from nothing. */
export function createEventCounts(): EventCounts {
  const counts = new Map<EventOutcome, number>();
  return {
    add: (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
    snapshot: () => Object.fromEntries(counts),
  };
}
