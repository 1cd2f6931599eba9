/** Makes an error that the libraries recognise as the platform's own (nodejs-worker src/errors.ts). */
export function coreError(message: string, ErrorClass: ErrorConstructor = Error): Error {
  return Object.assign(new ErrorClass(message), { isAzureFunctionsSystemError: true });
}

/** Turns anything thrown into an Error, in the words of the real worker (nodejs-worker src/errors.ts, ensureErrorType). */
export function ensureError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(messageOf(thrown), { cause: thrown });
}

function messageOf(thrown: unknown): string {
  if (thrown === undefined || thrown === null) return 'Unknown error';
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? typeof thrown);
}
