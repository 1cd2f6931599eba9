import { readFileSync } from 'node:fs';
import { type Faults, noFaults } from '../../arm/faults/faults.ts';
import type { FaultSource } from '../../arm/faults/parse-faults.ts';
import { StartError } from '../start-error.ts';

/**
 * Reads the fault profiles and files that `--faults` names, separated by commas; a later one wins where two set the same thing, and their
 * incidents come together. Throws a `StartError` that names every wrong entry.
 */
export async function readFaults(names: string): Promise<Faults> {
  if (names === 'none') return noFaults;
  // Only who wants faults pays for the schema library: it is a third of the parent's memory.
  const [{ FaultsError, parseFaults }, { faultProfiles }] = await Promise.all([
    import('../../arm/faults/parse-faults.ts'),
    import('../../arm/faults/fault-profiles.ts'),
  ]);
  const sources = names.split(',').map((part): FaultSource => {
    const name = part.trim();
    return { name, input: faultProfiles[name] ?? readFaultFile(name, Object.keys(faultProfiles)) };
  });
  try {
    return parseFaults(sources);
  } catch (error) {
    throw error instanceof FaultsError ? new StartError(error.message, { cause: error }) : error;
  }
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
