import { join } from 'node:path';
import type { Container, ContainerGroup } from '@azure/arm-containerinstance';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createVirtualClock } from '../../../local/clock/virtual-clock.ts';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { isAlive, until } from '../../e2e/process-tree.ts';
import { type ArmHarness, FAST_POLLING, gameServer, openArmHarness } from './harness.ts';
import { faultsWith } from './faults-with.ts';
import { bind, echoAt } from './udp.ts';

const programs = { directory: join(import.meta.dirname, 'programs') };

/** Back-offs and graces pass only when the clock is moved; the programs live in real time. */
const clock = createVirtualClock({ startMs: Date.now() });
let harness: ArmHarness;
beforeAll(async () => {
  harness = await openArmHarness({ clock, programs });
});
afterAll(() => harness[Symbol.asyncDispose]());

/** Of the group that a test has for itself. */
let name = '';
let groups = 0;
beforeEach(() => {
  name = `game-${++groups}`;
});
afterEach(async () => {
  await harness.client.containerGroups.beginDeleteAndWait('games', name, FAST_POLLING);
  clock.advanceTo(clock.now() + 30_000);
});

const UDP_PORT = [{ port: 7777, protocol: 'UDP' }];

/** A group of one container, whose program does what it is told to. */
function probe(does: string[] = [], group: Partial<ContainerGroup> = {}, container: Partial<Container> = {}) {
  const server: Container = {
    name: 'server',
    image: 'local/probe:1',
    resources: { requests: { cpu: 1, memoryInGB: 1 } },
    ports: UDP_PORT,
    ...(does.length > 0 && { command: ['node', 'probe.ts', ...does] }),
    ...container,
  };
  return gameServer({ containers: [server], ipAddress: { type: 'Public', ports: UDP_PORT }, ...group });
}

function create(spec: ContainerGroup): Promise<ContainerGroup> {
  return harness.client.containerGroups.beginCreateOrUpdateAndWait('games', name, spec, FAST_POLLING);
}

async function readLog(options = {}): Promise<string> {
  return (await harness.client.containers.listLogs('games', name, 'server', options)).content ?? '';
}

const factsSchema = z.object({
  pid: z.number(),
  keeper: z.number(),
  child: z.number().optional(),
  environment: z.record(z.string(), z.string()),
});

/** What the program says about itself, once it has. */
async function factsOf(): Promise<z.infer<typeof factsSchema>> {
  const line = await until(async () => /^\{.*\}$/m.exec(await readLog())?.[0]);
  return factsSchema.parse(JSON.parse(line));
}

async function instanceOf() {
  const { instanceView, containers } = await harness.client.containerGroups.get('games', name);
  return { groupState: instanceView?.state, ...containers[0]?.instanceView };
}

async function untilState(state: string) {
  return until(async () => {
    const instance = await instanceOf();
    return instance.currentState?.state === state ? instance : undefined;
  });
}

async function untilGone(pid: number): Promise<void> {
  await until(() => (isAlive(pid) ? undefined : true));
}

test('a program has the environment of its container, secure values too, and nothing of ours but what it needs', async () => {
  process.env['OF_THE_STACK'] = 'secret';
  const environmentVariables = [
    { name: 'PLAIN', value: 'one' },
    { name: 'SECURE', secureValue: 'two' },
    { name: 'NODE_OPTIONS', value: '--import=data:text/javascript,process.exit(9)' },
  ];
  const group = await create(probe([], {}, { environmentVariables }));
  const { environment } = await factsOf();
  const [port] = group.ipAddress?.ports ?? [];
  expect(environment).toMatchObject({
    PLAIN: 'one',
    SECURE: 'two',
    LOCAL_ADDRESS: '127.0.0.1',
    LOCAL_PORT_UDP_7777: String(port?.port),
  });
  const ofTheContainer = ['PLAIN', 'SECURE', 'LOCAL_ADDRESS', 'LOCAL_PORT_UDP_7777'];
  const ofTheMachine = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];
  expect([...ofTheContainer, ...ofTheMachine]).toEqual(expect.arrayContaining(Object.keys(environment)));
  expect(await readLog()).toContain('NODE_OPTIONS is not passed on');
});

test('a program is reached at the port that the address has in ARM', async () => {
  const { ipAddress } = await create(probe());
  await factsOf();
  const [asked] = ipAddress?.ports ?? [];
  expect(asked?.protocol).toBe('UDP');
  expect(await echoAt(Number(asked?.port))).toBe('hello');
});

test.each([
  { policy: 'Never', exitCode: 3, state: 'Terminated', group: 'Failed' },
  { policy: 'Never', exitCode: 0, state: 'Terminated', group: 'Succeeded' },
  { policy: 'OnFailure', exitCode: 0, state: 'Terminated', group: 'Succeeded' },
  { policy: 'OnFailure', exitCode: 3, state: 'Waiting', group: 'Running' },
  { policy: 'Always', exitCode: 0, state: 'Waiting', group: 'Running' },
])('with $policy a program that ends with $exitCode is $state', async ({ policy, exitCode, state, group }) => {
  await create(probe(['exit', String(exitCode)], { restartPolicy: policy }));
  const ended = await untilState(state);
  const terminated = state === 'Terminated' ? ended.currentState : ended.previousState;
  expect(terminated).toMatchObject({ state: 'Terminated', exitCode });
  expect(ended).toMatchObject({ restartCount: 0, groupState: group });
  expect(await readLog({ tail: 1 })).toBe('a line of stderr\n');
  if (state === 'Terminated') return;
  clock.advanceTo(clock.now() + 10_000);
  await until(async () => ((await instanceOf()).restartCount === 1 ? true : undefined));
});

test('a program that is killed ends with 137, and its last lines can be read', async () => {
  await create(probe());
  const { pid } = await factsOf();
  process.kill(pid, 'SIGKILL');
  const { previousState } = await untilState('Waiting');
  expect(previousState).toMatchObject({ state: 'Terminated', exitCode: 137, detailStatus: 'Error' });
  expect(await readLog({ timestamps: true })).toMatch(/^20\S+Z \{"pid":\d+,.*\n20\S+Z a line of stderr\n$/);
});

test('a deleted group ends its program with SIGTERM, and one that does not hear it with SIGKILL', async () => {
  for (const does of ['wait', 'ignore']) {
    await create(probe([does]));
    const { pid } = await factsOf();
    await harness.client.containerGroups.beginDeleteAndWait('games', name, FAST_POLLING);
    if (does === 'ignore') {
      clock.advanceTo(clock.now() + 29_999);
      expect(isAlive(pid)).toBe(true);
      clock.advanceTo(clock.now() + 1);
    }
    await untilGone(pid);
  }
});

test('a program whose environment the system does not take ends with 127, and takes no other with it', async () => {
  await create(probe());
  const { pid } = await factsOf();
  const other = probe([], { restartPolicy: 'Never' }, { environmentVariables: [{ name: 'BAD', value: 'a\0b' }] });
  await harness.client.containerGroups.beginCreateOrUpdateAndWait('games', 'other', other, FAST_POLLING);
  const state = await until(async () => {
    const { containers } = await harness.client.containerGroups.get('games', 'other');
    const found = containers[0]?.instanceView?.currentState;
    return found?.state === 'Terminated' ? found : undefined;
  });
  expect(state).toMatchObject({ exitCode: 127 });
  const log = await harness.client.containers.listLogs('games', 'other', 'server');
  expect(log.content).toContain('could not be run');
  expect(isAlive(pid)).toBe(true);
  await harness.client.containerGroups.beginDeleteAndWait('games', 'other', FAST_POLLING);
});

test('what a program has started ends with it', async () => {
  await create(probe(['spawn']));
  const { pid, child } = await factsOf();
  process.kill(pid, 'SIGKILL');
  await untilGone(Number(child));
});

test('a stopped group ends its program and keeps its log; started again it has another one at the same port', async () => {
  const { containerGroups } = harness.client;
  const created = await create(probe());
  const first = await factsOf();
  await containerGroups.stop('games', name);
  await untilGone(first.pid);
  await until(async () => ((await readLog()).endsWith('SIGTERM\n') ? true : undefined));
  expect(await instanceOf()).toMatchObject({ groupState: 'Stopped', restartCount: 0 });
  await containerGroups.beginStartAndWait('games', name, FAST_POLLING);
  const second = await until(async () => {
    const facts = await factsOf();
    return facts.pid === first.pid ? undefined : facts;
  });
  expect((await containerGroups.get('games', name)).ipAddress?.ports).toEqual(created.ipAddress?.ports);
  expect(second.environment).toEqual(first.environment);
});

test('a program that is started again waits for the one that still has its port', async () => {
  await create(probe(['ignore']));
  const first = await factsOf();
  await harness.client.containerGroups.beginRestartAndWait('games', name, FAST_POLLING);
  expect(await readLog()).toBe('');
  clock.advanceTo(clock.now() + 30_000);
  const second = await factsOf();
  expect(isAlive(first.pid)).toBe(false);
  expect(second.environment).toEqual(first.environment);
});

test('a port that somebody else has taken meanwhile is exchanged for another one', async () => {
  const { containerGroups } = harness.client;
  const created = await create(probe());
  const taken = Number(created.ipAddress?.ports[0]?.port);
  await factsOf();
  await containerGroups.stop('games', name);
  await using _stranger = await until(() => bind(taken).catch(() => undefined));
  await containerGroups.beginStartAndWait('games', name, FAST_POLLING);
  const port = await until(async () => {
    const [now] = (await containerGroups.get('games', name)).ipAddress?.ports ?? [];
    return now?.port === taken ? undefined : now?.port;
  });
  await until(async () => ((await factsOf()).environment['LOCAL_PORT_UDP_7777'] === String(port) ? true : undefined));
  expect(await echoAt(port)).toBe('hello');
});

test('a silent restart of the platform is one of the program, whose address stays', async () => {
  const { ipAddress } = await create(probe());
  const { pid } = await factsOf();
  harness.arm.setFaults(faultsWith({ kind: 'silentRestarts', afterSeconds: 0 }, { kind: 'ipChanges' }));
  await until(async () => ((await factsOf()).pid === pid ? undefined : true));
  harness.arm.setFaults({ ...noFaults, quotas: 'off' });
  expect(isAlive(pid)).toBe(false);
  expect(await instanceOf()).toMatchObject({ restartCount: 1, previousState: { exitCode: 7147 } });
  expect((await harness.client.containerGroups.get('games', name)).ipAddress).toEqual(ipAddress);
});

test('a program whose keeper is killed is killed too, and the next one has a new keeper', async () => {
  await create(probe());
  const { pid, keeper } = await factsOf();
  process.kill(keeper, 'SIGKILL');
  const { previousState } = await untilState('Waiting');
  expect(previousState).toMatchObject({ exitCode: 137 });
  await untilGone(pid);
  clock.advanceTo(clock.now() + 10_000);
  await untilState('Running');
  expect((await factsOf()).keeper).not.toBe(keeper);
});

test.each([
  {
    policy: 'Always',
    expected: { restartCount: 1, currentState: { state: 'Running' }, previousState: { exitCode: 7147 } },
  },
  { policy: 'Never', expected: { restartCount: 0, currentState: { state: 'Terminated', exitCode: 7147 } } },
])(
  'a program ends with the emulator; the next one finds it restarted or ended, with $policy',
  async ({ policy, expected }) => {
    const created = await create(probe([], { restartPolicy: policy }));
    const { pid } = await factsOf();
    await harness.reopen();
    expect(isAlive(pid)).toBe(false);
    await until(async () => ((await instanceOf()).restartCount === expected.restartCount ? true : undefined));
    expect(await instanceOf()).toMatchObject(expected);
    if (policy === 'Never') return;
    expect((await factsOf()).pid).not.toBe(pid);
    expect((await harness.client.containerGroups.get('games', name)).ipAddress).toEqual(created.ipAddress);
  },
);

test.each([
  { image: 'local/unheard-of', why: 'no such program' },
  { image: 'local/../programs/probe', why: 'a path' },
])('the image $image cannot be pulled: $why', async ({ image }) => {
  const created = create(probe([], {}, { image }));
  const failed = expect(created).rejects.toThrow('The long-running operation has failed');
  await until(async () => ((await instanceOf()).currentState?.detailStatus === 'ImagePullBackOff' ? true : undefined));
  clock.advanceTo(clock.now() + 1_000);
  await failed;
});

test.each([{ command: ['sh', '-c', 'echo hello'] }, { command: ['node', '../probe/probe.ts'] }])(
  'the command $command is not run on this machine, and the log says so',
  async ({ command }) => {
    await create(probe([], { restartPolicy: 'Never' }, { command }));
    expect((await untilState('Terminated')).currentState).toMatchObject({ exitCode: 127 });
    expect(await readLog()).toContain(`The command ${JSON.stringify(command)} can't be run here`);
  },
);
