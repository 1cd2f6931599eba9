import { isDeepStrictEqual } from 'node:util';

/** Where two JSON values differ first, and how, such as `actions[3].input.at: recorded "x", now "y"`; undefined when they are equal. */
export function firstDifference(recorded: unknown, now: unknown, place = ''): string | undefined {
  if (isDeepStrictEqual(recorded, now)) return undefined;
  if (isBranch(recorded) && isBranch(now) && Array.isArray(recorded) === Array.isArray(now)) {
    const [before, after] = [new Map(Object.entries(recorded)), new Map(Object.entries(now))];
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const inner = Array.isArray(recorded) ? `${place}[${name}]` : `${place}${place && '.'}${name}`;
      const difference = firstDifference(before.get(name), after.get(name), inner);
      if (difference !== undefined) return difference;
    }
  }
  return `${place}: recorded ${show(recorded)}, now ${show(now)}`;
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);
}
