import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import { nextForCode } from '../diagnosis/next-for-code.ts';
import type { Answer } from '../smoke-client.ts';
import { SmokeFailure } from '../smoke-failure.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { createBody, groupSchema, read, require, type Group } from './group.ts';
import type { Step } from './step.ts';

/** What a command that goes on is answered with. */
export const acceptedSchema = z.looseObject({ id: z.string(), statusQueryGetUri: z.url() });

/** The creation of the group, and its repetitions. */
export const creation: readonly Step[] = [
  {
    name: 'a group is created and runs',
    isEssential: true,
    run: async (run) => {
      run.living.add(run.group);
      const answer = await run.compare('the creation', 202, 'ACICreate', {
        body: createBody(run, run.group),
        headers: creationKey(run),
      });
      run.memory.creationRequestId = answer.headers.get('x-request-id') ?? undefined;
      const { statusQueryGetUri } = read(answer, acceptedSchema);
      const outcome = await untilEnded(run, statusQueryGetUri, 'the group runs');
      const ended = read(outcome, outcomeSchema);
      // Ours is compared by its outcome alone: an app hands out the one or the other (ACI_KEYLESS_STATUS_URLS).
      if (!isOurs(statusQueryGetUri)) run.keepAnswer('the status of the creation', withoutInput(outcome));
      const { ok, group, failure } = ended.output ?? ended.outcome ?? { ok: false };
      if (!ok || group === undefined) {
        const { code, message } = failure ?? { code: 'endedWithoutOutcome', message: `It is ${ended.runtimeStatus}.` };
        throw new SmokeFailure(`The creation failed with ${code}: ${message}`, nextForCode(code));
      }
      requireRunning(group);
      return `${group.state} at ${group.publicIP ?? ''}:${group.ports[0]?.port ?? ''}`;
    },
  },
  {
    name: 'the same creation again, with its Idempotency-Key, is the first one',
    run: async (run) => {
      const answer = await run.compare('the creation again, waiting', 200, 'ACICreate?wait=60', {
        body: createBody(run, run.group),
        headers: creationKey(run),
      });
      requireRunning(read(answer, groupSchema));
      return '200 with the group, and nothing new';
    },
  },
  {
    name: 'another creation of the name is refused',
    run: async (run) => {
      const other = { ...createBody(run, run.group), labels: { purpose: 'another' } };
      const body = createBody(run, run.group);
      await run.compare('the same key with another body', 422, 'ACICreate', { body: other, headers: creationKey(run) });
      await run.compare('the name with another key', 409, 'ACICreate', { body });
      return '422 with the same key, 409 with another';
    },
  },
];

/** The key of the first creation. */
export function creationKey({ group }: SmokeRun): Record<string, string> {
  return { 'idempotency-key': `create-${group}` };
}

/** Follows a command to its end by the address that it was answered with, whether that is the platform's or ours. */
export async function untilEnded(run: SmokeRun, url: string, what: string): Promise<Answer> {
  const seconds = run.options.patienceMinutes * 60;
  const asked = 'GET the status URL';
  const next =
    'Look at ACIDetails of the group, and at what Azure says: az container show. If it says nothing, the durable backend is slow: Application Insights.';
  return run.until({ what, seconds, next }, async () => {
    const answer = isOurs(url)
      ? await run.client.ask(`ACIOperation${new URL(url).search}`)
      : await run.client.follow(url, asked);
    if (answer.status === 202) return undefined;
    if (answer.status === 404) throw diagnoseAnswer(answer, 'the status of the command');
    if (answer.status !== 200 && answer.json === undefined) throw diagnoseAnswer(answer, '200 or 202');
    return answer;
  });
}

function isOurs(url: string): boolean {
  return new URL(url).pathname.endsWith('/ACIOperation');
}

const resultSchema = z.looseObject({
  ok: z.boolean(),
  group: groupSchema.optional(),
  failure: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});

/** The platform calls it output, and we outcome. */
const outcomeSchema = z.looseObject({
  runtimeStatus: z.string(),
  output: resultSchema.nullish(),
  outcome: resultSchema.optional(),
});

function requireRunning(group: Group): void {
  require(group.state === 'Running', `The group is ${group.state}, expected Running.`);
  require(group.publicIP !== undefined &&
    group.publicIP !==
      '', 'The group runs without a publicIP.', 'az container show --query ipAddress tells what Azure gave it.');
}

/** What the command was started with is sealed, and no promise. */
function withoutInput(answer: Answer): Answer {
  const shown = z.record(z.string(), z.unknown()).parse(answer.json);
  const { input: _input, customStatus: _customStatus, ...json } = shown;
  return { ...answer, json };
}
