import type { Clock } from '../clock/clock.ts';
import { reasonOf } from '../files/data-file-error.ts';
import { isStorageError, StorageUnavailable } from './storage-error.ts';

/** How soon a file that takes no writes is tried again: soon enough for whoever has just made room on the disk. */
const PROBE_INTERVAL_MS = 1000;

/** Whether the files of a process take what is written; tells when one no longer does, and when it does again, once each. */
export class FileHealth {
  readonly #clock: Clock;
  readonly #tell: (line: string) => void;
  readonly #probes = new Map<string, Disposable>();

  constructor(clock: Clock, tell: (line: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get isFailing(): boolean {
    return this.#probes.size > 0;
  }

  /**
   * Does a write to the file at `path`. Throws a `StorageUnavailable` when the disk or the file doesn't take it; from then on `probe`, a write that
   * changes nothing, is tried until it succeeds.
   */
  guard<T>(path: string, write: () => T, probe: () => void): T {
    try {
      return write();
    } catch (error) {
      if (!isStorageError(error)) throw error;
      const message = `The file ${path} can't be written: ${reasonOf(error)}.`;
      if (!this.#probes.has(path)) {
        this.#tell(message);
        this.#probeLater(path, probe);
      }
      throw new StorageUnavailable(message, { cause: error });
    }
  }

  /** Nothing is tried any more. */
  stop(): void {
    for (const probe of this.#probes.values()) probe[Symbol.dispose]();
    this.#probes.clear();
  }

  #probeLater(path: string, probe: () => void): void {
    const alarm = this.#clock.schedule(this.#clock.now() + PROBE_INTERVAL_MS, () => {
      try {
        probe();
      } catch {
        return this.#probeLater(path, probe);
      }
      this.#probes.delete(path);
      return this.#tell(`The file ${path} can be written again.`);
    });
    this.#probes.set(path, alarm);
  }
}
