import { StringDecoder } from 'node:string_decoder';

/** A line that a container wrote, and when. */
export interface LogLine {
  atMs: number;
  text: string;
}

/** Where a container writes. */
export type OutputStream = 'stdout' | 'stderr';

/** What ACI keeps of a container that runs and of one that has ended (learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits). */
const RUNNING_BYTES = 4 * 1024 * 1024;
const ENDED_BYTES = 16 * 1024;
const ENDED_LINES = 1_000;

/** A line without an end is cut here, as containers' runtimes do (kubernetes/cri-api, containerd's max_container_log_line_size). */
const LINE_BYTES = 16 * 1024;

/** A flood of empty lines takes more memory than its bytes say. */
const RUNNING_LINES = 200_000;

/** Keeps the newest of what a container writes. */
export class ContainerLog {
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  /** Lines whose end has not come yet. */
  readonly #open: Record<OutputStream, LogLine | undefined> = { stdout: undefined, stderr: undefined };
  /** The lines before `#first` are forgotten. */
  #lines: LogLine[] = [];
  #first = 0;
  #bytes = 0;

  /** Takes what has been written, which may end in the middle of a line or of a character. */
  write(stream: OutputStream, chunk: Uint8Array, atMs: number): void {
    const pieces = this.#decoders[stream].write(chunk).split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.#endLine(stream, atMs);
      if (piece !== '') this.#extend(stream, piece, atMs);
    }
  }

  /** Takes a line that the machine says about the container. */
  note(text: string, atMs: number): void {
    this.#keep({ atMs, text });
  }

  /** What is kept while the container runs. */
  lines(): LogLine[] {
    const open = [this.#open.stdout, this.#open.stderr].filter((line) => line !== undefined);
    return [...this.#lines.slice(this.#first), ...open];
  }

  /** What is kept once it has ended. */
  ending(): LogLine[] {
    let bytes = 0;
    const lines = this.lines().slice(-ENDED_LINES);
    const first = lines.findLastIndex((line) => {
      bytes += sizeOf(line);
      return bytes > ENDED_BYTES;
    });
    return lines.slice(first + 1);
  }

  #extend(stream: OutputStream, piece: string, atMs: number): void {
    let rest = piece;
    for (;;) {
      const line = this.#open[stream] ?? { atMs, text: '' };
      this.#open[stream] = line;
      const room = LINE_BYTES - line.text.length;
      line.text += rest.slice(0, room);
      rest = rest.slice(room);
      if (rest === '') return;
      this.#endLine(stream, atMs);
    }
  }

  #endLine(stream: OutputStream, atMs: number): void {
    const line = this.#open[stream] ?? { atMs, text: '' };
    this.#open[stream] = undefined;
    this.#keep({ atMs: line.atMs, text: line.text.replace(/\r$/, '') });
  }

  #keep(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += sizeOf(line);
    while (this.#bytes > RUNNING_BYTES || this.#lines.length - this.#first > RUNNING_LINES) {
      const oldest = this.#lines[this.#first];
      if (oldest === undefined) return;
      this.#bytes -= sizeOf(oldest);
      this.#first += 1;
    }
    // Cutting the front of a long array for each line would cost its length each time.
    if (this.#first * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }
}

function sizeOf({ text }: LogLine): number {
  return Buffer.byteLength(text) + 1;
}
