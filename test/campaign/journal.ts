import type { Fact } from './facts.ts';
import type { Finding, View } from './invariants/invariant.ts';
import { invariants } from './invariants/invariants.ts';

/** A finding, with whose it is and when. */
export interface Violation extends Finding {
  invariant: string;
  atMs: number;
}

/** Keeps what is seen, and has it judged at once. */
export interface Journal {
  readonly facts: readonly Fact[];
  /** The first of each kind about each group. */
  readonly violations: readonly Violation[];
  keep(fact: Fact): void;
  /** Has the judges say what is missing in the end. */
  finish(atMs: number): void;
}

/** Opens a journal with nothing in it. */
export function createJournal(view: View): Journal {
  const facts: Fact[] = [];
  const violations: Violation[] = [];
  const known = new Set<string>();
  const judges = invariants.map(({ name, judge }) => ({ name, judge: judge(view) }));
  const accuse = (invariant: string, atMs: number, findings: readonly Finding[]): void => {
    for (const finding of findings) {
      const kind = `${invariant} ${finding.group} ${finding.says.replaceAll(/\d+/g, '')}`;
      if (!known.has(kind)) violations.push({ ...finding, invariant, atMs });
      known.add(kind);
    }
  };
  return {
    facts,
    violations,
    keep(fact) {
      // Twice as many as all others, and nobody reads them again.
      if (fact.fact !== 'resources') facts.push(fact);
      for (const { name, judge } of judges) accuse(name, fact.atMs, judge.take(fact));
    },
    finish(atMs) {
      for (const { name, judge } of judges) accuse(name, atMs, judge.finish?.() ?? []);
    },
  };
}
