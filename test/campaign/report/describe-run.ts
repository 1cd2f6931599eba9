import { clockTime } from '../invariants/invariant.ts';
import { invariants } from '../invariants/invariants.ts';
import type { Run } from '../run-campaign.ts';
import { timelineOf } from './timeline.ts';

/** Timelines are long: of what goes wrong for many reasons at once, the first tell most. */
const MAX_SHOWN = 3;

/** What a run was like, in one line. */
export function summaryOf({ plan, facts }: Run): string {
  const count = (is: string): number => facts.filter(({ fact }) => fact === is).length;
  const upgrade = plan.hostTurns.some(({ isUpgrade }) => isUpgrade) ? ', upgraded' : '';
  return (
    `${plan.names.length} names, ${plan.faults.incidents.length} faults, ${plan.hostTurns.length} kills${upgrade}` +
    `${plan.isFrom010 ? ', from 0.1.0' : ''}; ${count('command')} commands, ${count('report')} reports, ${count('arm')} requests to ARM`
  );
}

/** Everything about what went wrong in a run: which promise was broken, how to see it again, and what had happened. */
export function describeViolations(run: Run, repeat: string): string {
  const { violations, startMs } = run;
  const shown = violations.slice(0, MAX_SHOWN).map(({ invariant, says, group, atMs }) => {
    const promise = invariants.find(({ name }) => name === invariant)?.promise ?? '';
    return [
      `  ${clockTime(startMs, atMs)}  ${invariant}: ${says}`,
      `    The promise: ${promise}`,
      `    To see it again: ${repeat}`,
      `    What happened${group === undefined ? '' : ` to ${group}`} before:`,
      ...timelineOf(run, group, atMs).map((line) => `      ${line}`),
    ].join('\n');
  });
  const more = violations.slice(MAX_SHOWN).map(({ invariant, says }) => `  and ${invariant}: ${says}`);
  return [...shown, ...more].join('\n');
}
