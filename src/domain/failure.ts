import { z } from 'zod';
import { openEnum, openObject } from './open-shape.ts';

interface FailureKind {
  /** Worth trying again in the same place, unchanged, after a while. */
  retryable: boolean;
  /** Who can mend it: the caller by another request, the operator by a setting or right, Azure by itself, or we. */
  fault: 'caller' | 'operator' | 'azure' | 'ours';
  /** What an HTTP answer that carries it has as status. */
  httpStatus: number;
}

const caller = (httpStatus: number): FailureKind => ({ retryable: false, fault: 'caller', httpStatus });
const azure = (retryable: boolean, httpStatus: number): FailureKind => ({ retryable, fault: 'azure', httpStatus });

/** The one table of failures. A code never changes its meaning; the HTTP status is what `?wait` and refusals answer with. */
export const failures = {
  bodyMissing: caller(400),
  lengthRequired: caller(411),
  bodyNotJson: caller(400),
  bodyTooLarge: caller(413),
  invalidRequest: caller(400),
  invalidSpec: caller(400),
  resourceGroupNotAscii: caller(400),
  notAuthenticated: caller(401),
  notAllowed: caller(403),
  tooManyGroups: caller(409),
  tooManyReports: { retryable: true, fault: 'caller', httpStatus: 429 },
  idempotencyKeyReused: caller(422),
  unknownGroup: caller(404),
  noSweepYet: caller(404),
  unknownLease: caller(404),
  unknownOperation: caller(404),

  alreadyExists: caller(409),
  stillCreating: caller(409),
  notCreating: caller(409),
  notMarked: caller(409),
  groupFailed: caller(409),
  sessionsActive: caller(409),
  seatsLeased: caller(409),
  deletionBegan: caller(409),
  deletionNotBegun: caller(409),
  otherIncarnation: caller(409),
  staleReport: caller(409),
  leaseEnded: caller(410),

  specRefused: caller(400),
  imageInaccessible: caller(400),
  imagePullFailed: caller(422),
  containersExited: caller(422),
  containerCrashed: caller(422),
  heartbeatLost: caller(422),
  dnsLabelTaken: caller(409),
  nameInUse: caller(409),
  logsNotAvailable: { retryable: true, fault: 'caller', httpStatus: 409 },

  quotaReached: { retryable: false, fault: 'operator', httpStatus: 503 },
  notAuthorized: { retryable: false, fault: 'operator', httpStatus: 502 },
  providerNotRegistered: { retryable: false, fault: 'operator', httpStatus: 502 },
  resourceGroupNotFound: { retryable: false, fault: 'operator', httpStatus: 404 },
  tagMissing: { retryable: false, fault: 'operator', httpStatus: 409 },
  notGone: { retryable: false, fault: 'operator', httpStatus: 409 },
  groupLost: { retryable: false, fault: 'operator', httpStatus: 410 },
  noCapacity: { retryable: true, fault: 'operator', httpStatus: 503 },
  massAbsence: { retryable: false, fault: 'operator', httpStatus: 409 },
  tagsRefused: { retryable: false, fault: 'operator', httpStatus: 409 },
  setFailed: { retryable: false, fault: 'operator', httpStatus: 409 },

  insufficientCapacity: azure(false, 503),
  provisioningFailed: azure(false, 502),
  deadlineExceeded: azure(false, 504),
  deletedOutside: { retryable: false, fault: 'operator', httpStatus: 410 },
  provisioningCancelled: { retryable: false, fault: 'operator', httpStatus: 409 },
  throttled: azure(true, 429),
  transitioning: azure(true, 409),
  registryUnavailable: azure(true, 502),
  armUnavailable: azure(true, 502),
  notFound: azure(false, 404),

  newerState: { retryable: true, fault: 'operator', httpStatus: 503 },
  endedWithoutOutcome: { retryable: false, fault: 'operator', httpStatus: 500 },
  commandPending: { retryable: true, fault: 'ours', httpStatus: 503 },
  deletionUnderWay: { retryable: true, fault: 'ours', httpStatus: 409 },
  unsealFailed: { retryable: false, fault: 'operator', httpStatus: 500 },
  internal: { retryable: false, fault: 'ours', httpStatus: 500 },
} as const satisfies Record<string, FailureKind>;
export type FailureCode = keyof typeof failures;

const codes = Object.keys(failures).filter((code): code is FailureCode => code in failures);

/** What went wrong, for a person and for a program: a code (of the table, unless another version of the app found it) and a sentence an operator can act on. */
export const failureSchema = openObject({ code: openEnum(z.enum(codes)), message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** The failing half of every answer that can fail in an expected way. */
export const failedSchema = z.object({
  ok: z.literal(false),
  failure: failureSchema,
  /** What the service asked for before the next try (`Retry-After`). */
  retryAfterMs: z.int().min(0).exactOptional(),
});
export type Failed = z.infer<typeof failedSchema>;

/** Whether the same request may succeed later without anybody changing anything. */
export function isRetryable(code: Failure['code']): boolean {
  return kindOf(code).retryable;
}

/** The HTTP status that goes with a code. */
export function httpStatusOf(code: Failure['code']): number {
  return kindOf(code).httpStatus;
}

/** A code of another version of the app is a fault that nobody here can judge. */
function kindOf(code: Failure['code']): FailureKind {
  return isKnown(code) ? failures[code] : failures.internal;
}

function isKnown(code: Failure['code']): code is FailureCode {
  return Object.hasOwn(failures, code);
}
