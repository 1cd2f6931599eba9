import type { InspectedContainer, RunEnd } from './inspected-resource.ts';

/** How a run ended, for a person: `with exit code 137 (OOMKilled)`. */
export function describeRunEnd({ exitCode, reason }: RunEnd): string {
  const why = reason === undefined || WORDS_OF_A_CODE.has(reason) ? '' : ` (${reason})`;
  const code = exitCode === undefined ? 'without an exit code' : `with exit code ${exitCode}`;
  return `${code}${exitCode !== undefined && BY_THE_PLATFORM.has(exitCode) ? ' (by Azure itself)' : why}`;
}

/** Which containers were restarted, and why: `server 2 times, after exit code 1`. */
export function describeRestarts(restarted: readonly { container: InspectedContainer; by: number }[]): string {
  return restarted
    .map(({ container: { name, lastEnd }, by }) => {
      const end = lastEnd === undefined ? '' : `, its last run ended ${describeRunEnd(lastEnd)}`;
      return `${name} ${by === 1 ? 'once' : `${by} times`}${end}`;
    })
    .join('; ');
}

/** They say what the exit code says. */
const WORDS_OF_A_CODE: ReadonlySet<string> = new Set(['Completed', 'Error']);

/** What containers end with that the platform stops, as for maintenance (learn.microsoft.com/azure/container-instances/container-instances-troubleshooting). */
const BY_THE_PLATFORM: ReadonlySet<number> = new Set([7147, 7148]);
