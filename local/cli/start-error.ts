/** Why the stack cannot start, in words for the one who started it; shown without a stack trace. */
export class StartError extends Error {
  override name = 'StartError';
}
