/** How long things take: Azure's usual tens of seconds, about a second, or no time at all. */
export type ProfileName = 'realistic' | 'fast' | 'instant';

/** A span from which a duration is drawn, in milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** Every duration of the emulator, counted from the request unless it says otherwise. */
export interface TimingProfile {
  /** Until a write is answered. */
  answer: Span;
  /** Until the image's pull begins. */
  pulling: Span;
  /** Until the containers run, or their images are found missing. */
  started: Span;
  /** Until the operation ends. */
  finished: Span;
  /** From the end of an operation to its event's first delivery. */
  eventLatency: Span;
  /** Events within one window arrive in reverse when they are to be disordered. */
  reverseWindowMs: number;
}

/**
 * The profiles. `realistic` is from recordings of Azure's own SDK tests (a small public image started 9 to 17 s after the PUT, the
 * operation succeeded by 30 to 35 s) and from the delivery of Event Grid, which usually takes seconds.
 */
export const timingProfiles: Readonly<Record<ProfileName, TimingProfile>> = {
  realistic: {
    answer: span(700, 1_300),
    pulling: span(3_000, 6_000),
    started: span(9_000, 17_000),
    finished: span(30_000, 35_000),
    eventLatency: span(500, 3_000),
    reverseWindowMs: 2_000,
  },
  fast: {
    answer: span(20, 60),
    pulling: span(80, 150),
    started: span(250, 500),
    finished: span(700, 1_000),
    eventLatency: span(20, 100),
    reverseWindowMs: 300,
  },
  instant: {
    answer: span(0, 0),
    pulling: span(0, 0),
    started: span(0, 0),
    finished: span(0, 0),
    eventLatency: span(0, 0),
    reverseWindowMs: 100,
  },
};

function span(fromMs: number, toMs: number): Span {
  return { fromMs, toMs };
}
