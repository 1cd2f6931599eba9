import { Cron } from 'croner';
import { StartError } from '../start-error.ts';
import { parseTimeSpanMs } from '../settings/time-span.ts';

/** When a timer function runs. */
export interface TimerSchedule {
  /** The first occurrence after `afterMs`, in milliseconds since the epoch; undefined when there is none. */
  nextAfterMs(afterMs: number): number | undefined;
  /** Whether wall-clock times are meant, which move with daylight saving time: cron expressions, not intervals. */
  adjustsForDst: boolean;
}

const FIELD_NAMES = ['second', 'minute', 'hour', 'day', 'month', 'day of the week'];
const VALUE = '(\\d+|[a-z]{3,})';
const ITEM = `(\\*|${VALUE}(-${VALUE})?)(/\\d+)?`;
const FIELD = new RegExp(`^${ITEM}(,${ITEM})*$`, 'i');

/**
 * Parses the schedule of a timer trigger: an NCRONTAB expression of six fields, seconds first, or five, or a TimeSpan
 * `hh:mm:ss` (learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions). Day of the month and day of
 * the week must both fit. Throws a `StartError` that says which field is wrong.
 */
export function parseTimerSchedule(text: string, timeZone: string): TimerSchedule {
  if (text.includes(':')) {
    const intervalMs = parseTimeSpanMs(text);
    if (!intervalMs) throw new StartError(`The schedule '${text}' is not a time span of [days.]hh:mm:ss above zero.`);
    return { nextAfterMs: (afterMs) => afterMs + intervalMs, adjustsForDst: false };
  }
  const cron = parseCron(text, timeZone);
  return { nextAfterMs: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime(), adjustsForDst: true };
}

function parseCron(text: string, timeZone: string): Cron {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new StartError(`The schedule '${text}' has ${fields.length} fields; expected 6, seconds first, or 5.`);
  }
  const offset = 6 - fields.length;
  for (const [index, field] of fields.entries()) {
    if (!FIELD.test(field)) {
      throw new StartError(`The schedule '${text}' has a wrong ${FIELD_NAMES[index + offset]}: '${field}'.`);
    }
  }
  if (/(^|[,-])0*7(?!\d)/.test(fields.at(-1) ?? '')) {
    throw new StartError(`The schedule '${text}' has a wrong day of the week: 0 to 6, or Sun to Sat.`);
  }
  try {
    // NCRONTAB takes whole names too, and `5/15` for "from 5 on, every 15".
    const pattern = fields.map((field) => field.replaceAll(/[a-z]+/gi, (name) => name.slice(0, 3))).join(' ');
    // Without a time zone there is nothing to convert, which costs twenty times as much as to count.
    const zone = timeZone === 'UTC' ? { utcOffset: 0 } : { timezone: timeZone };
    return new Cron(pattern, { ...zone, domAndDow: true, sloppyRanges: true, mode: '5-or-6-parts' });
  } catch (error) {
    throw new StartError(`The schedule '${text}' is not an NCRONTAB expression: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
}
