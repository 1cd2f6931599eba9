import { z } from 'zod';
import { failures, type Failure, type FailureCode } from '../domain/failure.ts';

const codes = Object.keys(failures).filter((code): code is FailureCode => code in failures);

/** A code of the failure table and a sentence for a person. */
export const failureSchema = z.object({ code: z.enum(codes), message: z.string() }) satisfies z.ZodType<Failure>;

/** The failing half of every answer that can fail in an expected way. */
export const failedSchema = z.object({
  ok: z.literal(false),
  failure: failureSchema,
  /** What the service asked for before the next try. */
  retryAfterMs: z.int().min(0).exactOptional(),
});
