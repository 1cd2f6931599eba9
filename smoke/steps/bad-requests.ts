import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import type { Ask } from '../smoke-client.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { createBody, idOf, read, require } from './group.ts';
import type { Step } from './step.ts';

/** Requests that are refused before anything is started. */
export const badRequests: Step = {
  name: 'what is wrong with a request is named',
  run: async (run) => {
    const cases = casesOf(run);
    for (const { name, status, code, field, path, ask } of cases) {
      const answer = await run.compare(name, status, path, ask);
      const problem = read(answer, problemSchema);
      require(problem.code === code &&
        (field === undefined ||
          problem.field ===
            field), `${name}: expected ${code}${field === undefined ? '' : ` with the field ${field}`}, came ${problem.code} ${problem.field ?? ''}.`);
    }
    return `${cases.length} bad requests, each refused with its code`;
  },
};

/** A function never sees such a body (docs/failures.md, `lengthRequired`), unless something on the way puts it together. */
export const chunkedBody: Step = {
  name: 'a body in chunks does no harm',
  run: async (run) => {
    // Nothing comes of it either way: the function wants another body.
    const answer = await run.client.ask('ACIDelete', { text: '{}', inChunks: true });
    if (answer.status !== 411 && answer.status !== 400) throw diagnoseAnswer(answer, '411 or 400');
    run.keepAnswer('a body in chunks', answer);
    return answer.status === 411 ? '411' : 'it is put together on the way (400, for what is in it)';
  },
};

const problemSchema = z.looseObject({ code: z.string(), field: z.string().optional() });

interface BadRequest {
  name: string;
  status: number;
  code: string;
  field?: string;
  path: string;
  ask: Ask;
}

function casesOf(run: SmokeRun): BadRequest[] {
  const { group } = run;
  const id = idOf(run, group);
  const good = createBody(run, group);
  return [
    { name: 'no body', status: 400, code: 'bodyMissing', path: 'ACICreate', ask: { method: 'POST' } },
    { name: 'a body that is no JSON', status: 400, code: 'bodyNotJson', path: 'ACICreate', ask: { text: '{' } },
    { name: 'a body without a group', ...invalid('resourceGroup'), path: 'ACICreate', ask: { body: {} } },
    {
      name: 'a field that there is none of',
      ...invalid('wait'),
      path: 'ACICreate',
      ask: { body: { ...good, wait: 5 } },
    },
    {
      name: 'a wait of an hour',
      ...invalid('wait'),
      path: 'ACICreate?wait=3600',
      ask: { body: good },
    },
    {
      name: 'an Idempotency-Key with a blank',
      ...invalid('Idempotency-Key'),
      path: 'ACICreate',
      ask: { body: good, headers: { 'idempotency-key': 'two words' } },
    },
    {
      name: 'a group without containers',
      status: 400,
      code: 'invalidSpec',
      field: 'containerGroup.containers',
      path: 'ACICreate',
      ask: { body: { ...id, containerGroup: { location: run.options.location, osType: 'Linux', containers: [] } } },
    },
    {
      name: 'a name that Azure does not take',
      ...invalid('containerGroupName'),
      path: 'ACIDelete',
      ask: { body: { ...id, containerGroupName: 'Not_A_Name' } },
    },
    {
      name: 'a state that nobody sets',
      ...invalid('state'),
      path: 'ACISetState',
      ask: { body: { ...id, state: 'Running' } },
    },
    {
      name: 'a report of minus one session',
      ...invalid('activeSessions'),
      path: 'ACISetSessions',
      ask: { body: { ...id, activeSessions: -1 } },
    },
    { name: 'a list of no groups', ...invalid('limit'), path: 'ACIList?limit=0', ask: {} },
  ];
}

function invalid(field: string): Pick<BadRequest, 'status' | 'code' | 'field'> {
  return { status: 400, code: 'invalidRequest', field };
}
