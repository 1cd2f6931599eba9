/** What ACIReport says of a report, and of the group that this server is in. */
export interface ReportAnswer {
  /** `accepted`: the players that were counted are safe. `refused`: the group's deletion has begun. */
  status: string;
  /** `MarkedForDeletion` asks the server to let nobody else in. */
  state: string;
}

/** Says how many play here. Rejects when nobody has taken the report; then it has to be sent again. */
export type Report = (activeSessions: number) => Promise<ReportAnswer>;

/** An answer may take half a minute, since it waits until the group has judged the report. */
const TIMEOUT_MS = 40_000;

/**
 * Creates a reporter for the address that every container is given as ACI_SET_SESSIONS_URL, with its own token in it. Without an address, as
 * on a machine of its own, every report is accepted by nobody.
 */
export function createReport(address: string | undefined, startedMs: number): Report {
  if (address === undefined) return () => Promise.resolve({ status: 'accepted', state: 'Running' });
  const url = new URL(address);
  // A report counts only if it is newer than what is known, and a server that was started again counts from the beginning.
  const boot = { bootId: crypto.randomUUID(), bootedAt: new Date(startedMs).toISOString() };
  let sequence = 0;
  return async (activeSessions) => {
    sequence += 1;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ activeSessions, sequence, ...boot }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the documented form of the answer
    const answer = (await response.json()) as { results?: { status: string }[]; state: string; token?: string };
    const status = answer.results?.[0]?.status;
    if (!response.ok || status === undefined) throw new Error(`the report was answered with ${response.status}`);
    // The next token comes with an answer, and the present one is good for a while after that.
    if (answer.token !== undefined) url.searchParams.set('sig', answer.token);
    return { status, state: answer.state };
  };
}
