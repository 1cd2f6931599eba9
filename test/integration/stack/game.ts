import type { Answer, Stack } from './stack.ts';

/** The body of an ACICreate for a small game server. */
export function createBody(
  containerGroupName: string,
  { image = 'example/game:1', ...more }: Record<string, unknown> & { image?: string } = {},
) {
  return {
    resourceGroup: 'Games',
    containerGroupName,
    containerGroup: {
      location: 'westeurope',
      osType: 'Linux',
      containers: [
        {
          name: 'server',
          image,
          ports: [{ port: 7777, protocol: 'UDP' }],
          resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
        },
      ],
      ipAddress: { type: 'Public', ports: [{ port: 7777, protocol: 'UDP' }] },
    },
    ...more,
  };
}

export function idOf(containerGroupName: string) {
  return { resourceGroup: 'Games', containerGroupName };
}

/** The list item of a group, or undefined when there is none. */
export async function groupOf(stack: Stack, name: string): Promise<Answer['body']> {
  const answer = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}&type=timeline`);
  return answer.status === 404 ? undefined : answer.body;
}

/** The states of these groups in their order, by one list however many they are; undefined where there is none. */
export async function statesOf(stack: Stack, names: readonly string[]): Promise<(string | undefined)[]> {
  const states = new Map<string, string>();
  for (let token: string | null = ''; token !== null;) {
    const page = await stack.api(
      `ACIList?${new URLSearchParams({ state: 'all', limit: '1000', ...(token === '' ? {} : { continuationToken: token }) }).toString()}`,
    );
    for (const { containerGroupName, state } of page.body) states.set(containerGroupName, state);
    token = page.headers.get('x-continuation-token');
  }
  return names.map((name) => states.get(name));
}

/**
 * Moves the clock until all these groups are in a state that `isReached` takes, `undefined` for one that is gone. The app is asked at the moments
 * at which its log has told the same of all of them: to ask it at every one costs more than all that happens between them.
 */
export async function untilStates(
  stack: Stack,
  names: readonly string[],
  isReached: (state: string | undefined) => boolean,
): Promise<void> {
  await stack.advanceUntil(
    async () => isLogged(stack, names, isReached) && (await statesOf(stack, names)).every(isReached),
  );
}

/** The same for one group, as ACIDetails shows it. */
export async function untilState(
  stack: Stack,
  name: string,
  isReached: (state: string | undefined) => boolean,
): Promise<void> {
  await stack.advanceUntil(
    async () => isLogged(stack, [name], isReached) && isReached((await groupOf(stack, name))?.state),
  );
}

/** Whether the log tells of such states, or of none; what it tells of may be lost before it is committed, and happen again. */
function isLogged(stack: Stack, names: readonly string[], isReached: (state: string | undefined) => boolean): boolean {
  const read = readLogs.get(stack) ?? { lineCount: 0, states: new Map<string, string>() };
  readLogs.set(stack, read);
  for (const { message } of stack.logs.slice(read.lineCount)) {
    const [, name, state] = /^Games\/(\S+) \S+ → (\w+)/.exec(message) ?? [];
    if (name !== undefined && state !== undefined) {
      read.states.set(name, state);
    }
  }
  read.lineCount = stack.logs.length;
  return names.every((name) => {
    const state = read.states.get(name);
    return state === undefined || isReached(state === 'deleted' ? undefined : state);
  });
}

const readLogs = new WeakMap<Stack, { lineCount: number; states: Map<string, string> }>();

/** Creates a group and brings it to Running. */
export async function createRunning(stack: Stack, name: string, more: Record<string, unknown> = {}): Promise<void> {
  const created = await stack.api('ACICreate', { body: createBody(name, more) });
  if (created.status !== 202) {
    throw new Error(`ACICreate answered ${created.status}: ${created.text}`);
  }
  await untilState(stack, name, isRunning);
}

/** Of a state: that the group runs. */
export function isRunning(state: string | undefined): boolean {
  return state === 'Running';
}

/** Of a state: that the group failed. */
export function isFailed(state: string | undefined): boolean {
  return state === 'Failed';
}

/** Of a state: that there is no group. */
export function isGone(state: string | undefined): boolean {
  return state === undefined;
}
