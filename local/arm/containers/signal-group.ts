/** Sends a signal to every process of a process group; it may have none any more, or only ended ones, which macOS answers with EPERM. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    const isOver = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!isOver) throw error;
  }
}
