import { z } from 'zod';
import type { CallAnswer } from './caller.ts';

const answerSchema = z.object({
  results: z.array(z.object({ status: z.string(), state: z.string().optional() })),
  token: z.string().optional(),
});

/** What became of reports: a word for each, the status of the answer where there are none, and the next token if one came. */
export function readReportAnswer({ status, body }: CallAnswer): {
  resultOf(index: number): { status: string; state?: string };
  token: string | undefined;
} {
  const answer = status === 200 ? answerSchema.parse(body) : undefined;
  return {
    token: answer?.token,
    resultOf(index) {
      const { state, status: word } = { state: undefined, status: String(status), ...answer?.results[index] };
      return { status: word, ...(state !== undefined && { state }) };
    },
  };
}
