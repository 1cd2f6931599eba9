import { Agent, request as httpRequest } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { readKeys, tokenOf } from '../integration/stack/callers.ts';
import { createBody } from '../integration/stack/game.ts';
import { readAllPages } from '../integration/stack/pages.ts';
import { startStack, type Stack } from '../integration/stack/stack.ts';
import { fuzzed, type Caller, type Fuzzed, type RawRequest } from './mutated-request.ts';
import { REFLECTED } from './nasty-values.ts';

/** What a run did and what it found wrong. */
export interface FuzzReport {
  seed: number;
  requestCount: number;
  byStatus: Record<string, number>;
  /** Refused requests after which the state was compared with that before. */
  comparedCount: number;
  heapGrowthMB: number;
  findings: Finding[];
}

/** A request and what was wrong with its answer, or with the state after it. */
export interface Finding {
  what: string;
  fuzzed: Fuzzed;
  answer: { status: number; text: string };
}

interface FuzzAnswer {
  status: number;
  text: string;
}

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

const BATCH_SIZE = 25;

/** More findings are mostly the same ones again. */
const MAX_FINDINGS = 20;

/** Sends mutated requests to the app on the local stack, and looks at every answer and at the state after every refusal. */
export async function fuzz({
  seed,
  requestCount,
  log,
}: {
  seed: number;
  requestCount: number;
  log: (line: string) => void;
}): Promise<FuzzReport> {
  const stack = await startStack({
    auth: 'on',
    profile: 'instant',
    faults: { quotas: 'off' },
    settings: { ACI_MAX_GROUPS: '40', ACI_ALLOWED_RESOURCE_GROUPS: 'games' },
  });
  const report: FuzzReport = { seed, requestCount: 0, byStatus: {}, comparedCount: 0, heapGrowthMB: 0, findings: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: BATCH_SIZE });
  const crash = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report.findings.push({ what: 'the process had an unhandled error', fuzzed: NOBODY, answer: { status: 0, text } });
  };
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  try {
    const target = await prepare(stack, agent);
    let heapAtStart = 0;
    for (let chunk = 0; report.requestCount < requestCount && report.findings.length < MAX_FINDINGS; chunk += 1) {
      const size = Math.min(BATCH_SIZE, requestCount - report.requestCount);
      await sendBatch(target, fc.sample(fuzzed, { seed: seed + chunk, numRuns: size }), report);
      if (chunk % 40 === 39) {
        // Fills the buckets of the rate limits, and lets the sweeps come.
        await stack.advance(60_000);
      }
      if (report.requestCount % 10_000 < BATCH_SIZE && report.requestCount >= BATCH_SIZE) {
        log(`${report.requestCount} requests, heap ${heapMB().toFixed(0)} MB, ${JSON.stringify(report.byStatus)}`);
      }
      // What is loaded and kept at first use is not growth.
      if (heapAtStart === 0 && report.requestCount >= requestCount / 10) {
        heapAtStart = heapMB();
      }
    }
    report.heapGrowthMB = heapMB() - heapAtStart;
    return report;
  } finally {
    process.off('uncaughtException', crash).off('unhandledRejection', crash);
    agent.destroy();
    await stack.stop();
  }
}

const NOBODY: Fuzzed = { request: { method: '', path: '', headers: {} }, caller: 'none' };

interface Target {
  stack: Stack;
  agent: Agent;
  credentials: Record<Caller, Record<string, string>>;
  systemKey: string;
}

async function prepare(stack: Stack, agent: Agent): Promise<Target> {
  const keys = readKeys(stack);
  const key = (value: string | undefined) => ({ 'x-functions-key': String(value) });
  const operator = key(keys.functions['acidelete']?.['operator']);
  const systemKey = keys.systemKeys.durabletask_extension;
  for (const name of ['game-1', 'game-2']) {
    await stack.api('ACICreate', { body: createBody(name), headers: operator });
    await stack.advance(60_000);
  }
  const token = await tokenOf(stack, 'game-1', systemKey);
  return {
    stack,
    agent,
    systemKey,
    credentials: {
      operator,
      matchmaker: key(keys.functions['acicreate']?.['matchmaker']),
      'read-only': key(keys.functions['acilist']?.['read-only']),
      container: { authorization: `Bearer ${token}` },
      eventGrid: key(keys.systemKeys.eventgrid_extension),
      wrong: key('wrong'),
      none: {},
    },
  };
}

/**
 * Sends a batch at once; what of it was refused must have left the state as it was, which is told by sending that part again. Where the
 * clock had to be moved for an answer, what was accepted before went on meanwhile, and the state tells nothing.
 */
async function sendBatch(target: Target, batch: readonly Fuzzed[], report: FuzzReport): Promise<void> {
  const { clock } = target.stack;
  const sentAtMs = clock.now();
  const before = await stateOf(target);
  const answers = await sendAll(target, batch, report);
  report.requestCount += batch.length;
  const refused = batch.filter((_, index) => isRefused(answers[index]));
  if (refused.length === batch.length && clock.now() === sentAtMs) {
    return compare(target, { before, refused, answers }, report);
  }
  await target.stack.settle();
  const sentAgainAtMs = clock.now();
  const between = await stateOf(target);
  const again = await sendAll(target, refused, report);
  if (again.every(isRefused) && clock.now() === sentAgainAtMs) {
    return compare(target, { before: between, refused, answers: again }, report);
  }
  // What was accepted this time goes on for a moment, and must not be taken for an effect of the next batch.
  return target.stack.settle();
}

async function sendAll(target: Target, batch: readonly Fuzzed[], report: FuzzReport): Promise<FuzzAnswer[]> {
  const sent = Promise.all(batch.map(async (each) => send(target, each)));
  const answers = await untilAnswered(target.stack, sent);
  for (const [index, answer] of answers.entries()) {
    report.byStatus[answer.status] = (report.byStatus[answer.status] ?? 0) + 1;
    const each = batch[index];
    const what = each === undefined ? undefined : faultOf(answer, each.request);
    if (what !== undefined && each !== undefined) {
      report.findings.push({ what, fuzzed: each, answer });
    }
  }
  const errors = target.stack.logs.filter(({ level }) => level === 'error' || level === 'critical');
  for (const { message } of errors) {
    report.findings.push({ what: 'an error was logged', fuzzed: NOBODY, answer: { status: 0, text: message } });
  }
  target.stack.logs.length = 0;
  return answers;
}

/** Some answers wait for something that only happens when the clock moves. */
async function untilAnswered(stack: Stack, sent: Promise<FuzzAnswer[]>): Promise<FuzzAnswer[]> {
  for (;;) {
    const waited = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), 500).unref();
    });
    const answers = await Promise.race([sent, waited]);
    if (answers !== undefined) {
      return answers;
    }
    await Promise.race([sent, stack.advance(5_000)]);
  }
}

function send({ stack, agent, credentials }: Target, { request, caller }: Fuzzed): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(stack.origin);
    const { method, path, body } = request;
    const headers = { ...credentials[caller], ...request.headers, 'content-length': String(body?.length ?? 0) };
    const sent = httpRequest({ agent, hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a connection whose request it has refused already.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({ status: 400, text: '' });
      else reject(error);
    });
    sent.end(body);
  });
}

function isRefused(answer: FuzzAnswer | undefined): boolean {
  return answer !== undefined && answer.status >= 400 && !ANSWERED_BY_A_BOOK.test(answer.text);
}

/** Who sells seats notes whom it has looked at, also when it has nothing for him. */
const ANSWERED_BY_A_BOOK = /"code":"(?:noCapacity|unknownLease|leaseEnded|groupLost)"/;

function faultOf({ status, text }: FuzzAnswer, { path }: RawRequest): string | undefined {
  // The platform's Event Grid webhook answers so to what is no JSON (row 11 of the unkind host).
  const isOfThePlatform = status === 500 && text === '' && path.startsWith('/runtime/webhooks/eventgrid');
  const isToBeRepeated = status === 503 && /"code":"(?:commandPending|noCapacity)"/.test(text);
  if (status >= 500 && !isOfThePlatform && !isToBeRepeated) {
    return `the answer is ${status}`;
  }
  // The platform's Event Grid webhook does repeat the name of a function that is not there, as plain text.
  if (status >= 400 && text.includes(REFLECTED) && path.startsWith('/api/')) {
    return 'the refusal repeats what was sent';
  }
  if (/\n\s+at |node:internal|\.ts:\d/.test(text)) {
    return 'the answer shows a stack';
  }
  return undefined;
}

async function compare(
  target: Target,
  { before, refused, answers }: { before: string; refused: readonly Fuzzed[]; answers: readonly FuzzAnswer[] },
  report: FuzzReport,
): Promise<void> {
  report.comparedCount += refused.length;
  const after = await stateOf(target);
  if (after !== before) {
    const from = Math.max(0, firstDifference(before, after) - 200);
    const asked = refused.map(({ request }) => `${request.method} ${request.path.slice(0, 100)}`);
    const statuses = answers.map(({ status }) => status);
    const text = `${before.slice(from, from + 600)}\nbecame\n${after.slice(from, from + 600)}\nafter ${JSON.stringify([asked, statuses])}`;
    report.findings.push({
      what: 'a refused request changed the state',
      fuzzed: refused[0] ?? NOBODY,
      answer: { status: 0, text },
    });
  }
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) {
    at += 1;
  }
  return at;
}

/** Entities with their states and orchestrations with theirs. */
async function stateOf({ stack, systemKey }: Target): Promise<string> {
  const read = (path: string) =>
    readAllPages((headers) => stack.get(`/runtime/webhooks/durabletask/${path}&code=${systemKey}`, headers));
  const entities = await read('entities?fetchState=true&top=1000');
  const instances = await read('instances?showInput=true&top=1000');
  return `${JSON.stringify(entities)}\n${JSON.stringify(instances)}`;
}

function heapMB(): number {
  if (typeof collectGarbage === 'function') {
    Reflect.apply(collectGarbage, undefined, []);
  }
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
