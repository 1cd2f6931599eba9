/**
 * Asks until there is an answer or the time is over, first after 10 ms, then ever more rarely up to once a second. HTTP answers that
 * wait for something durable use it; nothing durable does.
 */
export async function poll<T>(timeoutMs: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  // Asking takes time too, so that the clock is asked and the delays are not added up.
  const overAtMs = performance.now() + timeoutMs;
  for (let delayMs = 10; ; delayMs = Math.min(delayMs * 1.5, 1_000)) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= overAtMs) {
      return answer;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, delayMs);
    });
  }
}
