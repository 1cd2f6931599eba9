import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCurl } from '../unit/docs/curl.ts';
import { codeBlocks, readPage } from '../unit/docs/markdown.ts';
import { idOf, untilSessions, untilState } from './game.ts';
import { findLeaksInFiles } from '../integration/stack/leaks.ts';
import { isAlive, until } from './process-tree.ts';
import { type StartedStack, startStack } from './started-stack.ts';

let stack: StartedStack;
beforeAll(async () => {
  stack = await startStack(['--profile', 'fast'], { ACI_INSPECT_INTERVAL: 'PT5S' });
});
afterAll(() => stack[Symbol.asyncDispose]());

/** Creates a group of the sample server as its page says, and gives the port at which it is reached. */
async function createServer(name: string, restartPolicy: string, more: object[] = []): Promise<number> {
  const [line] = codeBlocks(readPage('examples/README.md'), 'bash').flatMap(readCurl);
  const body = JSON.parse(line?.bodies[0] ?? '');
  const [container] = body.containerGroup.containers;
  const environmentVariables = [{ name: 'REPORT_SECONDS', value: '1' }, ...more];
  const containerGroup = {
    ...body.containerGroup,
    restartPolicy,
    containers: [{ ...container, environmentVariables }],
  };
  const created = await stack.api('ACICreate?wait=60', { body: { ...body, ...idOf(name), containerGroup } });
  expect(created).toMatchObject({ status: 200, body: { state: 'Running', publicIP: '127.0.0.1' } });
  return created.body.ports[0].port;
}

/** Somebody who sends the same again until it is answered as it has to be, as a game does over UDP. */
async function openPlayer(port: number) {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const answers = new Set<string>();
  socket.on('message', (message) => answers.add(message.toString()));
  return {
    say: (text: string, expected: string) =>
      until(() => {
        if (answers.has(expected)) return true;
        socket.send(text, port, '127.0.0.1');
        return undefined;
      }),
    [Symbol.dispose]: () => void socket.close(),
  };
}

/** The processes of the sample server below the stack. */
function serverPids(): number[] {
  return stack
    .tree()
    .pids()
    .filter((pid) => argsOf(pid).includes('server.ts'));
}

/** Empty for one that has ended meanwhile. */
function argsOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

async function untilServer(): Promise<number> {
  return until(() => serverPids()[0]);
}

async function instanceOf(name: string) {
  const { body } = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}`);
  return body.containerGroup.containers[0].instanceView;
}

test('players come and go over UDP, and a marked server drains by its own reports until it is collected', async () => {
  const port = await createServer('udp-1', 'OnFailure');
  const pid = await untilServer();
  using ann = await openPlayer(port);
  using bob = await openPlayer(port);
  await ann.say('join ann', 'welcome');
  await bob.say('join bob', 'welcome');
  await untilSessions(stack, 'udp-1', 2);
  expect((await stack.api('ACIList')).body).toMatchObject([{ containerGroupName: 'udp-1', activeSessions: 2 }]);

  await stack.api('ACISetState', { body: { ...idOf('udp-1'), state: 'MarkedForDeletion' } });
  using eve = await openPlayer(port);
  await until(async () => {
    const { body } = await stack.api('ACIDetails?resourceGroup=games&containerGroupName=udp-1&type=logs');
    return body.content.includes('draining, 2 here') || undefined;
  });
  await eve.say('join eve', 'draining');
  await ann.say('leave', 'bye');
  await untilSessions(stack, 'udp-1', 1);
  expect((await stack.api('ACIGC', { method: 'POST' })).body).toMatchObject({ collectedCount: 0, keptCount: 1 });
  await bob.say('ping', 'pong');

  await bob.say('leave', 'bye');
  await until(() => (isAlive(pid) ? undefined : true));
  await untilSessions(stack, 'udp-1', 0);
  expect(await instanceOf('udp-1')).toMatchObject({ restartCount: 0, currentState: { exitCode: 0 } });
  expect((await stack.api('ACIGC', { method: 'POST' })).body).toMatchObject({ collectedCount: 1 });
  await untilState(stack, 'udp-1', 'gone');
  expect(await stack.armGroups()).toEqual([]);
});

test('a server that is killed shows as a crash with its last lines, and starts again; a deleted one ends', async () => {
  const port = await createServer('udp-2', 'Always');
  const pid = await untilServer();
  using ann = await openPlayer(port);
  await ann.say('join ann', 'welcome');
  process.kill(pid, 'SIGKILL');
  const crashed = await until(async () => {
    const instance = await instanceOf('udp-2');
    return instance.currentState.state === 'Waiting' ? instance : undefined;
  });
  expect(crashed).toMatchObject({
    restartCount: 0,
    currentState: { detailStatus: expect.stringContaining('CrashLoopBackOff') },
    previousState: { state: 'Terminated', exitCode: 137 },
  });
  const logs = await stack.api('ACIDetails?resourceGroup=games&containerGroupName=udp-2&type=logs&tail=1');
  expect(logs.body).toEqual({ containerName: 'server', content: 'ann joined, 1 here\n' });

  const next = await untilServer();
  expect(next).not.toBe(pid);
  expect(await instanceOf('udp-2')).toMatchObject({ restartCount: 1, previousState: { exitCode: 137 } });
  using bob = await openPlayer(port);
  await bob.say('join bob', 'welcome');
  await stack.api('ACIDelete', { body: idOf('udp-2') });
  await bob.say('ping', 'closed');
  await until(() => (isAlive(next) ? undefined : true));
  await untilState(stack, 'udp-2', 'gone');
});

test('a server that is killed and left so is seen as a crash within one inspection, with its last lines and without a secret', async () => {
  const secret = `pass-${crypto.randomUUID().slice(0, 8)}`;
  const port = await createServer('udp-4', 'Never', [{ name: 'ADMIN_PASSWORD', secureValue: secret }]);
  const pid = await untilServer();
  using ann = await openPlayer(port);
  await ann.say('join ann', 'welcome');
  using eve = await openPlayer(port);
  await eve.say(`join ${secret}`, 'welcome');
  await untilSessions(stack, 'udp-4', 2);
  process.kill(pid, 'SIGKILL');

  await untilState(stack, 'udp-4', 'Failed');
  const [listed] = (await stack.api('ACIList?state=Failed')).body;
  expect(listed).toMatchObject({
    containerGroupName: 'udp-4',
    activeSessions: 2,
    failure: {
      code: 'containerCrashed',
      message: 'server ended with exit code 137, and restartPolicy Never leaves it so.',
    },
    containerEnd: { containerName: 'server', exitCode: 137, restartCount: 0 },
  });
  expect(listed.containerEnd.lastLines.slice(-2)).toEqual(['ann joined, 1 here', '*** joined, 2 here']);
  const { body } = await stack.api('ACIDetails?resourceGroup=games&containerGroupName=udp-4');
  expect(body.containerEnd).toEqual(listed.containerEnd);
  expect(body.timeline.at(-1)).toMatchObject({ event: 'crashed', state: 'Failed' });
  expect(JSON.stringify(body)).not.toContain(secret);
  // Azure itself keeps what a container wrote; the app keeps none of it, in its histories, entities and log.
  const leaks = findLeaksInFiles(new Map([['the password', secret]]), stack.dataDirectory);
  expect(leaks.filter(({ place }) => !place.startsWith('arm.sqlite'))).toEqual([]);
  expect(stack.tree().output()).not.toContain(secret);
  await stack.api('ACIDelete', { body: idOf('udp-4') });
  await untilState(stack, 'udp-4', 'gone');
});

test('with kill -9 of the stack its servers are gone, and the next start brings them back', async () => {
  const port = await createServer('udp-3', 'Always');
  const pid = await untilServer();
  const tree = stack.tree();
  expect(await tree.signal('SIGKILL')).toBeNull();
  await tree.untilGone();
  expect(isAlive(pid)).toBe(false);

  await stack.start();
  await untilServer();
  expect(await instanceOf('udp-3')).toMatchObject({ restartCount: 1, previousState: { exitCode: 7147 } });
  const { body } = await stack.api('ACIDetails?resourceGroup=games&containerGroupName=udp-3');
  expect(body.ports).toMatchObject([{ port, protocol: 'UDP' }]);
  expect(await stack.tree().signal('SIGINT')).toBe(0);
  await stack.tree().untilGone();
});
