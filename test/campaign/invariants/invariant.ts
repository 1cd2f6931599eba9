import type { Fact } from '../facts.ts';
import type { Plan } from '../plan/plan.ts';
import type { GameServers } from '../world/game-servers.ts';

/** Something that is not as it was promised. */
export interface Finding {
  group?: string;
  says: string;
}

/** A promise, and somebody who holds the app to it by what is seen from outside. */
export interface Invariant {
  name: string;
  /** In plain words. */
  promise: string;
  judge(view: View): Judge;
}

/** What a judge may know besides facts. */
export interface View {
  plan: Plan;
  servers: Pick<GameServers, 'of'>;
  /** When the run began, and when faults and commands ended. */
  startMs: number;
  quietFromMs: number;
}

/** Hears of every fact in the order of time. */
export interface Judge {
  take(fact: Fact): Finding[];
  /** At the end of a run. */
  finish?(): Finding[];
}

/** A time of a run, for people. */
export function clockTime(startMs: number, atMs: number): string {
  const seconds = Math.round((atMs - startMs) / 1_000);
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(seconds / 3_600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}
