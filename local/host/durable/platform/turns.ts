/** Resolves after this many turns of the event loop, in which other work goes on; a request over loopback takes two or three. */
export async function waitTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}
