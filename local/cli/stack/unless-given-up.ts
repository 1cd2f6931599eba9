/** Waits for a promise, and rejects with the signal's reason once nobody wants its outcome any more. */
export async function unlessGivenUp<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([promise, givenUp]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
