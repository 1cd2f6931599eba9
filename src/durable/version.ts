import type { OrchestratorContract } from '../contracts/contract.ts';

type Versioned<Version extends string> = Pick<OrchestratorContract<never, never, never, Version>, 'name' | 'versions'>;

/**
 * The version of an orchestrator whose code an instance runs: the newest that is not above the instance's own. An instance that
 * 0.1.0 started has none, and runs the oldest. Throws when every version is above it.
 */
export function versionFor<Version extends string>(
  { name, versions }: Versioned<Version>,
  ofInstance: string | null | undefined,
): Version {
  if (isMissing(ofInstance)) {
    return versions[0];
  }
  const version = versions.findLast((each) => compareVersions(each, ofInstance) <= 0);
  if (version === undefined) {
    throw new Error(
      `The instance has version ${ofInstance} of ${name}, and this app runs only ${versions.join(', ')} of it.`,
    );
  }
  return version;
}

/** The version that new instances of an orchestrator have. */
export function newestVersion<Version extends string>({ versions }: Versioned<Version>): Version {
  return versions.at(-1) ?? versions[0];
}

/**
 * Below zero when `a` is older than `b`: number by number, and a version that has fewer of them is older, as Durable compares
 * them (DurableTask.Core, VersioningSettings.CompareVersions).
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const differing = left.findIndex((number, index) => number !== right[index]);
  return differing === -1 ? left.length - right.length : (left[differing] ?? -1) - (right[differing] ?? -1);
}

function numbersOf(version: string): number[] {
  if (!/^\d+(\.\d+){1,3}$/.test(version)) {
    throw new Error(`'${version}' is no version; two to four numbers with dots between them are expected.`);
  }
  return version.split('.').map(Number);
}

/** An instance without a version has undefined, null or an empty text, by the version of the extension. */
function isMissing(version: string | null | undefined): version is '' | null | undefined {
  return version === undefined || version === null || version === '';
}
