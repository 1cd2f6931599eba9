/**
 * Why the host can't start, in words for whoever starts it: a setting, a file or a port is wrong, not the host. Shown
 * without a stack.
 */
export class StartError extends Error {
  override name = 'StartError';
}
