import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { detailsPath } from './group.ts';

const unknownGroupSchema = z.looseObject({ code: z.literal('unknownGroup') });

/** Waits until the app says that there is no such group. A 404 of a host without functions does not say so. */
export async function untilGone(run: SmokeRun, group: string, wait: { seconds: number; next: string }): Promise<void> {
  await run.until({ what: `${group} is gone`, ...wait }, async () => {
    const answer = await run.client.ask(detailsPath(run, group, 'timeline'));
    if (answer.status === 200) return undefined;
    if (answer.status === 404 && unknownGroupSchema.safeParse(answer.json).success) return true;
    throw diagnoseAnswer(answer, '404 unknownGroup');
  });
}
