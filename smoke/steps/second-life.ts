import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import { acceptedSchema, creationKey, untilEnded } from './creation.ts';
import { untilGone } from './gone.ts';
import { createBody, detailsPath, idOf, read, require } from './group.ts';
import type { Step } from './step.ts';

/** What repetitions do after the group is gone, and a group that is deleted while it is created. */
export const secondLife: readonly Step[] = [
  {
    name: 'deleting what is gone is success, and says so',
    run: async (run) => {
      const ask = { body: idOf(run, run.group), headers: { 'idempotency-key': `late-${run.group}` } };
      for (const name of ['the deletion of what is gone', 'the deletion of what is gone, again']) {
        const answer = await run.compare(name, 200, 'ACIDelete', ask);
        require(read(answer, z.looseObject({ deleted: z.boolean() })).deleted, 'The answer is not { deleted: true }.');
      }
      return '200 { deleted: true }, twice';
    },
  },
  {
    name: 'a late duplicate of the creation makes no new group',
    run: async (run) => {
      run.living.add(run.group);
      const body = createBody(run, run.group);
      const answer = await run.client.ask('ACICreate', { body, headers: creationKey(run) });
      if (answer.status !== 202 && answer.status !== 409) throw diagnoseAnswer(answer, '202 or 409');
      run.keepAnswer('the creation again, after the end', answer);
      await run.compare('the details after a late duplicate', 404, detailsPath(run, run.group));
      run.living.delete(run.group);
      return `${answer.status}, and ACIDetails still answers 404`;
    },
  },
  {
    name: 'a group is deleted while it is created, once',
    run: async (run) => {
      run.living.add(run.secondGroup);
      await run.compare('the second creation', 202, 'ACICreate', { body: createBody(run, run.secondGroup) });
      const ask = {
        method: 'DELETE',
        body: idOf(run, run.secondGroup),
        headers: { 'idempotency-key': `delete-${run.group}` },
      };
      const first = read(await run.compare('the deletion', 202, 'ACIDelete', ask), acceptedSchema);
      const again = read(await run.compare('the deletion again', 202, 'ACIDelete', ask), acceptedSchema);
      require(first.id === again.id, `The same key was answered with ${again.id}, and first with ${first.id}.`);
      const outcome = await untilEnded(run, first.statusQueryGetUri, 'the deletion has ended');
      const { output, outcome: ours } = read(outcome, endSchema);
      require((output ?? ours)?.ok ===
        true, `The deletion ended without success: ${JSON.stringify((output ?? ours)?.failure ?? 'no outcome')}.`);
      const next = 'ACIDetails shows how it is; the next sweep goes on with its deletion.';
      await untilGone(run, run.secondGroup, { seconds: 120, next });
      run.living.delete(run.secondGroup);
      await run.compare('the deletion again, after the end', 202, 'ACIDelete', ask);
      return 'gone; the same key is answered alike, three times';
    },
  },
];

const resultSchema = z.looseObject({ ok: z.boolean(), failure: z.unknown().optional() });
const endSchema = z.looseObject({ output: resultSchema.nullish(), outcome: resultSchema.optional() });
