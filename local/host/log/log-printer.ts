import { styleText } from 'node:util';
import type { HostLogLine, LogLevel } from './host-log.ts';

const SEVERITY: Record<LogLevel, number> = { trace: 0, debug: 1, information: 2, warning: 3, error: 4, critical: 5 };

const STYLE = {
  trace: 'gray',
  debug: 'gray',
  information: 'cyan',
  warning: 'yellow',
  error: 'red',
  critical: 'red',
} as const satisfies Record<LogLevel, string>;

const LABEL: Record<LogLevel, string> = {
  trace: 'trace',
  debug: 'debug',
  information: 'info ',
  warning: 'warn ',
  error: 'error',
  critical: 'fatal',
};

/** Lines of lower levels are not worth showing. */
export interface ShownLevels {
  user: LogLevel;
  system: LogLevel;
}

/** Makes the printable text of a line, ending with a newline; undefined when its level isn't shown. */
export function formatLogLine(line: HostLogLine, shown: ShownLevels): string | undefined {
  if (SEVERITY[line.level] < SEVERITY[shown[line.category]]) return undefined;
  const time = styleText('gray', new Date(line.atMs).toISOString().slice(11, 23));
  const level = styleText(STYLE[line.level], LABEL[line.level]);
  const source = styleText('bold', line.functionName ?? (line.category === 'system' ? 'host' : 'app'));
  return `${time} ${level} ${source} ${line.message}\n`;
}
