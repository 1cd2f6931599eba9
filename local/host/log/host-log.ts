/** The levels of Functions logs, from least to most severe. */
export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical';

/** One line of the host's log: of the app itself (`user`) or of the host and the libraries (`system`). */
export interface HostLogLine {
  /** Milliseconds since the epoch. */
  atMs: number;
  level: LogLevel;
  category: 'user' | 'system';
  functionName?: string;
  invocationId?: string;
  message: string;
}

/** Takes a line without its time, which the host adds. */
export type HostLog = (line: Omit<HostLogLine, 'atMs'>) => void;
