import { createConnection } from 'node:net';
import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import { SmokeFailure } from '../smoke-failure.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { REPORTED } from './container-command.ts';
import { CONTAINER, detailsPath, groupSchema, PORT, read, require } from './group.ts';
import { findListed } from './listed.ts';
import type { Step } from './step.ts';

const LATE = 'The durable backend is slow: look at Application Insights, and try again.';

/** What is shown of a group that runs. */
export const looking: readonly Step[] = [
  {
    name: 'the list has the group, with its address',
    run: async (run) => {
      const seconds = 60;
      const item = await run.until({ what: 'the list has the group', seconds, next: LATE }, () => findListed(run));
      require(item.state === 'Running', `The list shows it as ${item.state}, expected Running.`);
      require(item.ports.some(({ port }) => port === PORT), `The list does not show its port ${PORT}.`);
      return `${item.publicIP ?? 'no address'}, ${item.activeSessions} sessions`;
    },
  },
  {
    name: 'the address of the group answers',
    run: async (run) => {
      const { publicIP } = read(await run.get(detailsPath(run, run.group, 'timeline')), groupSchema);
      require(publicIP !== undefined, 'ACIDetails shows no publicIP.');
      if (run.isLocal) {
        run.keep('the address of the group', { answers: 'not tried' });
        return `${publicIP} is there; the containers of a local stack are simulated`;
      }
      const next = `Is port ${PORT} open from here? The image may take a while: az container logs shows what it does.`;
      const what = `${publicIP}:${PORT} answers`;
      await run.until({ what, seconds: 120, next }, async () => ((await connects(publicIP)) ? true : undefined));
      run.keep('the address of the group', { answers: 'yes' });
      return `${publicIP}:${PORT} takes connections`;
    },
  },
  {
    name: 'its details show it, and no secret',
    run: async (run) => {
      const answer = await run.compare('the details', 200, detailsPath(run, run.group));
      const { containerGroup, armFailure } = read(answer, detailsSchema);
      require(containerGroup !==
        null, `ACIDetails shows nothing of Azure: ${armFailure?.code ?? 'it does not say why'}.`, "The app's identity has to read container groups: az role assignment list --resource-group NAME --output table.");
      require(!/[?&]sig=/.test(answer.text), 'The details show the token of the container.');
      return `Azure says ${containerGroup.provisioningState}`;
    },
  },
  {
    name: 'its timeline names the request that created it',
    run: async (run) => {
      const answer = await run.compare('the timeline', 200, detailsPath(run, run.group, 'timeline'));
      const { timeline } = read(answer, timelineSchema);
      const { creationRequestId = 'no x-request-id came' } = run.memory;
      require(timeline.some(
        ({ cause }) => cause?.includes(creationRequestId) === true,
      ), `No entry of the timeline has the cause ${creationRequestId}, the x-request-id of the creation.`, 'Something between here and the app may change the header x-request-id.');
      return `${timeline.length} entries, caused by ${creationRequestId}`;
    },
  },
  {
    name: 'its container has a log',
    run: async (run) => {
      const next = 'az container logs --resource-group NAME --name GROUP shows what Azure has.';
      const answer = await run.until({ what: 'the log has a line', seconds: 90, next }, async () => {
        const found = await run.client.ask(detailsPath(run, run.group, 'logs'));
        // Azure has no log in the first moments.
        if (found.status === 409) return undefined;
        if (found.status !== 200) throw diagnoseAnswer(found, '200 with the log');
        return read(found, logSchema).content === '' ? undefined : found;
      });
      run.keepAnswer('the log', answer);
      const { containerName, content } = read(answer, logSchema);
      require(containerName === CONTAINER, `The log is that of ${containerName}, expected ${CONTAINER}.`);
      return `${content.trimEnd().split('\n').length} lines`;
    },
  },
  { name: 'its container reports with its own token', run: ownReport },
];

const detailsSchema = z.looseObject({
  containerGroup: z.looseObject({ provisioningState: z.string() }).nullable(),
  armFailure: z.looseObject({ code: z.string() }).optional(),
});
const timelineSchema = z.looseObject({ timeline: z.array(z.looseObject({ cause: z.string().optional() })) });
const logSchema = z.looseObject({ containerName: z.string(), content: z.string() });
const reportedSchema = z.looseObject({
  lastReport: z.looseObject({ source: z.string().optional() }).optional(),
});

/** The token is in the container and nowhere else, so that only the container can show that it is good. */
async function ownReport(run: SmokeRun): Promise<string> {
  if (run.isLocal) return 'not tried: the containers of a local stack are simulated';
  if (run.options.image !== undefined) return 'not tried: only the standard image is told to report';
  const next =
    'The container POSTs to ACI_SET_SESSIONS_URL once when it starts. Its log says how that ended: az container logs. A code of DNS or TLS: it does not reach the app (ACI_PUBLIC_URL, access restrictions); a status: docs/failures.md.';
  await run.until({ what: 'its container has reported', seconds: 90, next }, async () => {
    const { lastReport } = read(await run.get(detailsPath(run, run.group)), reportedSchema);
    if (lastReport?.source === 'server') return true;
    const { content } =
      logSchema.safeParse((await run.client.ask(detailsPath(run, run.group, 'logs'))).json).data ?? {};
    const told = /^session report (?:answered (?!200)\d+|failed: \w+)/m.exec(content ?? '')?.[0];
    if (told !== undefined) throw new SmokeFailure(`The container says: ${told}.`, next);
    return undefined;
  });
  return `${REPORTED} (from inside the container)`;
}

/** Whether somebody takes a connection there. */
async function connects(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: PORT, timeout: 5_000 });
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}
