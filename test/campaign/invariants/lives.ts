import type { Fact } from '../facts.ts';
import type { Resource } from '../world/resources.ts';

/** Remembers what was asked about the life of each group, to tell who asked for its end. */
export interface Lives {
  take(fact: Fact): void;
  /** Whether somebody has asked ACIDelete to delete this very group, players or not. */
  isForced(resource: Resource): boolean;
  /** When the resource was first seen. */
  bornMs(resource: Resource): number;
}

/** Creates a memory of nothing. */
export function createLives(): Lives {
  const creations = new Map<string, number[]>();
  const forced = new Map<string, number[]>();
  const born = new Map<number, number>();
  const note = (map: Map<string, number[]>, key: string, atMs: number): void => {
    map.set(key, [...(map.get(key) ?? []), atMs]);
  };
  const bornMs = ({ sequence }: Resource): number => born.get(sequence) ?? -Infinity;
  return {
    bornMs,
    take(fact) {
      if (fact.fact === 'command' && fact.group !== undefined) {
        if (fact.command === 'ACICreate') note(creations, fact.group, fact.sentAtMs);
        if (fact.command === 'ACIDelete' && !isIfIdle(fact.body)) note(forced, fact.group, fact.sentAtMs);
      } else if (fact.fact === 'resources') {
        for (const { sequence } of fact.resources.values()) {
          if (!born.has(sequence)) born.set(sequence, fact.atMs);
        }
      }
    },
    isForced(resource) {
      const createdMs = Math.max(
        -Infinity,
        ...(creations.get(resource.key) ?? []).filter((each) => each <= bornMs(resource)),
      );
      return (forced.get(resource.key) ?? []).some((each) => each >= createdMs);
    },
  };
}

function isIfIdle(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'ifIdle' in body && body.ifIdle === true;
}
