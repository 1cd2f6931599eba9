import type { LeftBehind } from './clean-up.ts';
import { howToRemove } from './clean-up.ts';
import type { Difference } from './comparison/differences.ts';
import type { SmokeOptions } from './smoke-options.ts';
import type { Walk } from './walk-life.ts';

/** All that a run has brought to light. */
export interface Outcome {
  walk: Walk;
  differences: readonly Difference[];
  leftBehind: readonly LeftBehind[];
  seconds: number;
}

/** Whether all is well: every step passed, nothing differs that should not, and nothing was left behind. */
export function isWell({ walk, differences, leftBehind }: Outcome): boolean {
  return (
    walk.failed.length === 0 &&
    !walk.isInterrupted &&
    leftBehind.length === 0 &&
    differences.every(({ because }) => because !== undefined)
  );
}

/** The last lines of a run. */
export function summarize(outcome: Outcome, options: SmokeOptions): string[] {
  const { walk, differences, leftBehind, seconds } = outcome;
  const [faults, known] = [false, true].map((isKnown) =>
    differences.filter(({ because }) => (because !== undefined) === isKnown),
  );
  return [
    '',
    ...section('differs from the local stack (smoke/expected.json):', (faults ?? []).map(line)),
    ...section('differs, and is no fault:', [...reasons(known ?? [])]),
    ...section(
      'LEFT BEHIND, and costs until it is deleted:',
      leftBehind.flatMap(({ group, because }) => [group, ...because, ...howToRemove(options, group)]),
    ),
    [
      `${walk.passed} passed`,
      `${walk.failed.length} failed`,
      ...(walk.notTried > 0 ? [`${walk.notTried} not tried`] : []),
      ...(walk.isInterrupted ? ['interrupted'] : []),
      `${(faults ?? []).length} differ`,
      `in ${Math.round(seconds)} s: ${isWell(outcome) ? 'all is well' : 'NOT WELL'}`,
    ].join(', '),
  ];
}

/** Where one setting explains a hundred lines, the first ones tell as much. */
const MOST_FOR_A_REASON = 5;

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((each) => `  ${each}`), ''];
}

function line({ of, fact, local, here }: Difference): string {
  return `${of}, ${fact}: ${local} there, ${here} here`;
}

function reasons(differences: readonly Difference[]): string[] {
  const byReason = Map.groupBy(differences, ({ because = '' }) => because);
  return [...byReason].flatMap(([because, each]) => [
    `${because}:`,
    ...each.slice(0, MOST_FOR_A_REASON).map((one) => `  ${line(one)}`),
    ...(each.length > MOST_FOR_A_REASON ? [`  and ${each.length - MOST_FOR_A_REASON} more`] : []),
  ]);
}
