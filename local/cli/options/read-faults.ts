import { readFileSync } from 'node:fs';
import type { Faults } from '../../arm/faults/faults.ts';
import { noFaults } from '../../arm/faults/faults.ts';
import { StartError } from '../start-error.ts';

/**
 * Reads the fault profiles and files that `--faults` names, separated by commas; a later one wins where two set the same thing. Throws a
 * `StartError` that names every wrong entry.
 */
export async function readFaults(names: string): Promise<Faults> {
  if (names === 'none') return noFaults;
  // Only who wants faults pays for the schema library: it is a third of the parent's memory.
  const [{ faultsSchema }, { faultProfiles }, { z }] = await Promise.all([
    import('./faults-schema.ts'),
    import('./fault-profiles.ts'),
    import('zod'),
  ]);
  let merged: unknown = {};
  for (const name of names.split(',').map((part) => part.trim())) {
    const input = faultProfiles[name] ?? readFaultFile(name, Object.keys(faultProfiles));
    const checked = faultsSchema.safeParse(input);
    if (!checked.success) throw new StartError(`The faults in ${name} are wrong:\n${z.prettifyError(checked.error)}`);
    merged = merge(merged, input);
  }
  return faultsSchema.parse(merged);
}

function readFaultFile(path: string, profileNames: readonly string[]): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = `'${path}' is neither a fault profile (${profileNames.join(', ')}) nor a file that can be read.`;
    throw new StartError(reason, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StartError(`The fault file ${path} is not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}

function merge(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other;
  const merged: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) merged[name] = merge(one[name], value);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
