import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import { detailsPath, read, require } from './group.ts';
import type { Step } from './step.ts';

/** Who is let in. */
export const access: readonly Step[] = [
  {
    name: 'the app answers that it is well',
    isEssential: true,
    run: async (run) => {
      const answer = await run.compare('health', 200, 'health');
      const { status } = z.looseObject({ status: z.string().optional() }).safeParse(answer.json).data ?? {};
      if (status !== 'ok') throw diagnoseAnswer(answer, 'a health of this app');
      require(answer.headers.get('x-request-id') !==
        null, 'health: the answer has no x-request-id.', 'Something between here and the app takes headers away.');
      return 'health is ok, with an x-request-id';
    },
  },
  {
    name: 'the key is let in',
    isEssential: true,
    run: async (run) => {
      // Only the role operator may both sweep and create.
      const answer = await run.client.ask('ACIOperation?id=none');
      if (answer.status !== 404 || answer.json === undefined) throw diagnoseAnswer(answer, '404 unknownOperation');
      run.keepAnswer('an operation that there is none of', answer);
      const marked = await run.compare('marking a group that there is none of', 404, 'ACISetState', {
        body: { resourceGroup: run.options.resourceGroup, containerGroupName: run.group, state: 'Failed' },
      });
      return `it may mark groups (${read(marked, z.looseObject({ code: z.string() })).code} for one that there is none of)`;
    },
  },
  {
    name: 'nobody is let in without a key, or with a wrong one',
    needsKeys: true,
    run: async (run) => {
      await run.compare('without a key: the last sweep', 401, 'ACIGC', { as: 'nobody' });
      await run.compare('without a key: a deletion', 401, 'ACIDelete', { as: 'nobody', body: {} });
      await run.compare('with a wrong key: the last sweep', 401, 'ACIGC', { as: 'stranger' });
      return '401, three times';
    },
  },
  {
    name: 'no container reports without its own token',
    run: async (run) => {
      const path = `ACIReport/${encodeURIComponent(run.options.resourceGroup)}/${run.group}`;
      await run.compare('a report without a token', 401, path, { as: 'nobody', body: { activeSessions: 1 } });
      await run.compare('a report with a wrong token', 401, path, {
        as: 'nobody',
        body: { activeSessions: 1 },
        headers: { authorization: 'Bearer no-token-of-this-app' },
      });
      return '401, twice';
    },
  },
  {
    name: 'what there is none of is not found',
    run: async (run) => {
      await run.compare('a group that there is none of', 404, detailsPath(run, run.group));
      await run.compare('a function that there is none of', 404, 'ACINothing');
      return '404, twice';
    },
  },
];
