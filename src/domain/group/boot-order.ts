import type { BootMark } from './container-group.ts';
import { elapsedMs, type Instant } from '../time.ts';
import { defined } from '../defined.ts';

/** What a report says of the boot of the server that it is of, and when it was received. */
export interface ReportedBoot {
  at: Instant;
  bootId?: string;
  bootedAt?: Instant;
}

/** The boots that an old report may be of are few: a container that restarts more often has other troubles. */
export const MAX_EARLIER_BOOT_IDS = 8;

/**
 * Whether a report is of the newest boot that is known, of a newer or of an older one. Boots are ordered by when they began, if both
 * have told, else by when we first heard of them; `unknown` when neither helps. A report that names no boot is of the newest.
 */
export function orderBoots(known: BootMark, reported: ReportedBoot): 'same' | 'newer' | 'older' | 'unknown' {
  const { bootId, at } = reported;
  if (bootId === undefined || bootId === known.bootId) {
    return 'same';
  }
  const bootedAt = bootedAtOf(reported);
  const afterMs = known.bootedAt === undefined || bootedAt === undefined ? 0 : elapsedMs(known.bootedAt, bootedAt);
  if (afterMs !== 0) {
    return afterMs > 0 ? 'newer' : 'older';
  }
  if (known.earlierBootIds?.includes(bootId)) {
    return 'older';
  }
  if (known.bootHeardAt === undefined) {
    return 'unknown';
  }
  return elapsedMs(known.bootHeardAt, at) < 0 ? 'older' : 'newer';
}

/** The newest boot after a report of it or of a newer one; `heardAt` is when we heard of the newest boot if nobody has noted it. */
export function newestBoot(known: BootMark, reported: ReportedBoot, heardAt: Instant): BootMark {
  const { bootId = known.bootId, at } = reported;
  if (bootId === undefined) {
    return {};
  }
  const bootedAt = bootedAtOf(reported);
  if (bootId !== known.bootId) {
    const earlierBootIds = withEarlierBoot(known, known.bootId, bootId);
    return { bootId, bootHeardAt: at, ...defined({ bootedAt, earlierBootIds }) };
  }
  const { bootHeardAt = heardAt, earlierBootIds } = known;
  return { bootId, bootHeardAt, ...defined({ bootedAt: known.bootedAt ?? bootedAt, earlierBootIds }) };
}

/** The boots that were replaced, with one more, and without the one that is the newest now. */
export function withEarlierBoot(
  { earlierBootIds = [] }: BootMark,
  bootId: string | undefined,
  newest: string | undefined,
): string[] | undefined {
  const others = earlierBootIds.filter((each) => each !== newest && each !== bootId);
  const all = bootId === undefined ? others : [...others, bootId].slice(-MAX_EARLIER_BOOT_IDS);
  return all.length === 0 ? undefined : all;
}

/** No boot began after we heard of it: a clock that is ahead must not shut out the boots to come. */
function bootedAtOf({ at, bootedAt }: ReportedBoot): Instant | undefined {
  return bootedAt !== undefined && elapsedMs(bootedAt, at) < 0 ? at : bootedAt;
}
