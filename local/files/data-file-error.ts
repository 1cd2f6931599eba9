/** Why a file of the data directory can't be used, in words for the one who started the stack; shown without a stack trace. */
export class DataFileError extends Error {
  override name = 'DataFileError';
}

/** What the system said, without its code: `no space left on device`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, reason] = /^E[A-Z0-9]+: (.+?)(, [a-z]+\b.*)?$/.exec(error.message) ?? [];
  return reason ?? error.message;
}
