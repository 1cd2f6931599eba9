import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FailNext } from '../../local/arm/faults/faults.ts';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { createTokenMint } from '../../src/security/container-token.ts';
import { makeTemporaryDirectory } from '../conformance/host/process.ts';
import { createBody, idOf } from './stack/game.ts';
import { findLeaks, findLeaksInFiles, type Leak } from './stack/leaks.ts';
import { readAllPages } from './stack/pages.ts';
import { startProcessStack, type ProcessStack } from './stack/process-stack.ts';

const sealingKey = randomBytes(32);

/** Every secret that was given to the app or made by it, by its name. */
const secrets = new Map<string, string>();

function secret(name: string): string {
  const value = `Marker${randomBytes(12).toString('hex')}`;
  secrets.set(name, value);
  return value;
}

/** A body with a secret in every field that can hold one. */
function bodyWithSecrets(name: string, image: string) {
  const body = createBody(name, { image });
  const { containers } = body.containerGroup;
  const mark = (field: string): string => secret(`${name}: ${field}`);
  const file = mark('secret volume');
  return {
    ...body,
    containerGroup: {
      ...body.containerGroup,
      containers: containers.map((container) => ({
        ...container,
        environmentVariables: [
          { name: 'PLAIN', value: 'plain' },
          { name: 'PASSWORD', secureValue: mark('secure variable') },
        ],
        volumeMounts: [{ name: 'files', mountPath: '/files' }],
      })),
      initContainers: [
        {
          name: 'prepare',
          image: 'example/prepare:1',
          environmentVariables: [{ name: 'TOKEN', secureValue: mark('secure variable of an init container') }],
        },
      ],
      imageRegistryCredentials: [
        { server: 'example.azurecr.io', username: 'puller', password: mark('registry password') },
      ],
      volumes: [
        { name: 'files', secret: { 'license.txt': Buffer.from(file).toString('base64') } },
        {
          name: 'share',
          azureFile: { shareName: 's', storageAccountName: 'account', storageAccountKey: mark('storage key') },
        },
        { name: 'levels', gitRepo: { repository: `https://me:${mark('repository token')}@example.com/maps` } },
      ],
      diagnostics: {
        logAnalytics: {
          workspaceId: 'workspace',
          workspaceKey: mark('workspace key'),
          workspaceResourceId: `/subscriptions/${mark('workspace resource id')}`,
        },
      },
      extensions: [
        {
          name: 'extension',
          extensionType: 'kube-proxy',
          protectedSettings: { key: mark('protected setting') },
        },
      ],
    },
  };
}

const GONE = 'gone';
const REFUSED: FailNext = {
  operation: 'PUT',
  status: 400,
  code: 'InvalidRequest',
  message: 'The request is invalid:',
  echoesBody: true,
  afterEffect: false,
  // The activity may run twice, and its first answer be lost.
  times: 2,
};

let stack: ProcessStack;
const leaks: Leak[] = [];

const details = (name: string) => stack.call(`/api/ACIDetails?resourceGroup=games&containerGroupName=${name}`);
const comesTo = (name: string, state: string) =>
  stack.until(async () => {
    const answer = await details(name);
    if (answer.body.state === 'Failed' && state === 'Running') {
      throw new Error(`${name} failed: ${answer.text}`);
    }
    return (answer.status === 404 ? GONE : answer.body.state) === state;
  });
const create = (name: string, image = 'example/game:1') =>
  stack.call('/api/ACICreate', { body: bodyWithSecrets(name, image), headers: { 'idempotency-key': name } });

/** Asks for all that can be asked; what comes is searched at the end. */
async function lookAtEverything(): Promise<void> {
  const durable = '/runtime/webhooks/durabletask';
  const readAll = (path: string) => readAllPages((headers) => stack.call(path, { headers }));
  for (const { instanceId } of await readAll(`${durable}/instances?showInput=true&top=1000`)) {
    const id = encodeURIComponent(instanceId);
    for (const showInput of [true, false]) {
      await stack.call(`${durable}/instances/${id}?showInput=${showInput}&showHistory=true&showHistoryOutput=true`);
    }
    await stack.call(`/api/ACIOperation?id=${id}`);
  }
  for (const { entityId } of await readAll(`${durable}/entities?fetchState=true`)) {
    await stack.call(`${durable}/entities/${entityId.name}/${encodeURIComponent(entityId.key)}`);
  }
  for (const state of ['Creating', 'Running', 'MarkedForDeletion', 'Failed']) {
    await stack.call(`/api/ACIList?state=${state}`);
  }
  for (const path of ['/api/ACIGC', '/api/health', '/admin/host/status', '/admin/functions']) {
    await stack.call(path);
  }
  leaks.push(...findLeaksInFiles(secrets, stack.hostDirectory));
}

/** The token of a group, which only its containers have; told from what the entity says, as only a holder of the key can. */
async function rememberToken(name: string): Promise<string> {
  const { body } = await stack.call(`/runtime/webhooks/durabletask/entities/containergroup/games:${name}`);
  const { token } = createTokenMint([{ id: 'test', key: sealingKey }]).mint({
    groupKey: `games:${name}`,
    incarnation: body.incarnation,
    generation: 1,
  });
  secrets.set(`${name}: container token`, token.slice(token.lastIndexOf('.') + 1));
  return token;
}

beforeAll(async () => {
  const failNext: FailNext[] = [
    { ...REFUSED, containerGroupName: 'refused' },
    // Quotes after what a message is cut at, so that a secret lies across the cut.
    { ...REFUSED, message: `The request is invalid. ${'x'.repeat(150)}`, containerGroupName: 'refused-late' },
    { ...REFUSED, status: 429, code: 'TooManyRequests', containerGroupName: 'retried' },
    { ...REFUSED, status: 503, code: 'ServerTimeout', afterEffect: true, containerGroupName: 'killed' },
  ];
  stack = await startProcessStack(
    { ACI_SEALING_KEYS: `test:${sealingKey.toString('base64')}` },
    { arm: { ...noFaults.arm, failNext } },
  );
});

afterAll(async () => {
  await stack.stop();
});

describe('a search', () => {
  test('finds a leak, whatever form it has', () => {
    const planted = new Map([['planted', 'Marker0123456789abcdef']]);
    const text = 'Marker0123456789abcdef';
    for (const content of [
      `before${text}after`,
      ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${text}, after`).toString('base64')),
      ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${text}, after`).toString('base64url')),
      Buffer.from(text).toString('hex'),
      Buffer.from(text, 'utf16le'),
    ]) {
      expect(findLeaks(planted, 'here', content)).toEqual([{ secret: 'planted', place: 'here' }]);
    }
    expect(findLeaks(planted, 'here', text.slice(1))).toEqual([]);
  });

  test('finds a leak in a database, in its log, and where a row was deleted', () => {
    const planted = new Map([['planted', 'Marker0123456789abcdef']]);
    const directory = makeTemporaryDirectory();
    const database = new DatabaseSync(join(directory, 'planted.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (content TEXT)');
    database.prepare('INSERT INTO notes VALUES (?)').run(`${'x'.repeat(50_000)}Marker0123456789abcdef`);
    expect(findLeaksInFiles(planted, directory)).toContainEqual({
      secret: 'planted',
      place: 'planted.sqlite, a row of notes',
    });
    database.exec('DELETE FROM notes');
    expect(findLeaksInFiles(planted, directory).map(({ place }) => place)).toEqual(['planted.sqlite-wal']);
    database.close();
    writeFileSync(join(directory, 'log.txt'), 'Marker0123456789abcdef');
    expect(findLeaksInFiles(planted, directory)).toContainEqual({ secret: 'planted', place: 'log.txt' });
  });

  test('finds a secret that a history keeps because nobody said that it is one', async () => {
    const plain = secret('planted in a plain variable');
    const body = createBody('planted');
    const containers = body.containerGroup.containers.map((container) => ({
      ...container,
      environmentVariables: [{ name: 'PLAIN', value: plain }],
    }));
    await stack.call('/api/ACICreate', { body: { ...body, containerGroup: { ...body.containerGroup, containers } } });
    await comesTo('planted', 'Running');
    const before = stack.answers.length;
    await stack.call('/runtime/webhooks/durabletask/instances/provision%3Agames%3Aplanted?showInput=true');
    const places = findLeaksInFiles(secrets, stack.hostDirectory).map(({ place }) => place);
    expect(places).toContain('task-hub-containergroups.sqlite, a row of instances');
    expect(stack.answers.slice(before).some((answer) => answer.includes(plain))).toBe(true);
    secrets.delete('planted in a plain variable');
    stack.answers.length = 0;
  });
});

test('no secret leaves by success, failure, refusal, retry, a crash or a deletion', async () => {
  const created = await create('running');
  expect(created.status, created.text).toBe(202);
  await comesTo('running', 'Running');
  const token = await rememberToken('running');
  const report = await stack.call('/api/ACIReport/games/running', {
    body: { activeSessions: 1 },
    headers: { authorization: `Bearer ${token}` },
  });
  expect(report.status).toBe(200);
  await stack.call('/api/ACIReport/games/running', { headers: { authorization: `Bearer ${token}` } });
  await stack.call('/api/ACIDetails?resourceGroup=games&containerGroupName=running&type=logs');
  await create('running', 'local/does-not-exist');
  await lookAtEverything();

  await create('pull-fails', 'local/does-not-exist');
  await create('refused');
  await create('refused-late');
  await create('retried');
  await comesTo('pull-fails', 'Failed');
  await comesTo('refused', 'Failed');
  await comesTo('refused-late', 'Failed');
  const refused = await details('refused');
  expect(refused.body.failure).toMatchObject({ code: 'specRefused', message: expect.stringContaining('***') });
  await lookAtEverything();

  await create('killed');
  await stack.until(async () => {
    const { body } = await stack.call('/runtime/webhooks/durabletask/instances/provision%3Agames%3Akilled');
    // The activity may run twice, and the second time find what its first try made.
    return body?.customStatus?.retrying !== undefined || body?.runtimeStatus === 'Completed';
  });
  await stack.kill();
  leaks.push(...findLeaksInFiles(secrets, stack.hostDirectory));
  await stack.start();
  for (const name of ['killed', 'retried']) {
    await comesTo(name, 'Running');
    await rememberToken(name);
  }
  await lookAtEverything();

  for (const name of ['running', 'killed', 'refused']) {
    await stack.call('/api/ACIDelete', { body: idOf(name) });
    await comesTo(name, GONE);
  }
  await lookAtEverything();

  // ARM has to know every secret: its files are Azure's side of the line, and are not searched. Its errors repeat secrets here.
  expect(stack.arm.requestCounts()['PUT containerGroups']).toBeGreaterThan(6);
  expect(stack.answers.length).toBeGreaterThan(100);
  const inAnswers = stack.answers.flatMap((answer) => findLeaks(secrets, answer.slice(0, 120), answer));
  const inLogs = findLeaks(secrets, 'the log', stack.output());
  expect([...leaks, ...inAnswers, ...inLogs]).toEqual([]);
});

test('no secret leaves by an error about a request that holds it', async () => {
  const good = bodyWithSecrets('wrong', 'example/game:1');
  const wrong = (path: string, value: unknown): unknown => {
    const copy = structuredClone(good.containerGroup) as Record<string, unknown>;
    return { ...good, containerGroup: { ...copy, [path]: value } };
  };
  const bodies: unknown[] = [
    JSON.stringify(good).slice(0, -1),
    { ...good, containerGroupName: secret('in a name') },
    { ...good, resourceGroup: `${secret('in a resource group')}/..` },
    { ...good, labels: { fleet: 7, other: secret('in a label') } },
    wrong('imageRegistryCredentials', [{ server: 's', password: { value: secret('in a wrong place') } }]),
    wrong('imageRegistryCredentials', secret('instead of a list')),
    wrong('volumes', [{ name: 'files', secret: [secret('in a list of files')] }]),
    wrong('volumes', [{ name: 'x', azureFile: { storageAccountKey: secret('in a volume of a wrong name') } }]),
    wrong('osType', secret('in an enumeration')),
    wrong('extensions', [{ name: 'e', protectedSettings: secret('instead of settings') }]),
  ];
  for (const body of bodies) {
    const answer = await stack.call('/api/ACICreate', { body });
    expect(answer.status, answer.text).toBe(400);
  }
  await lookAtEverything();
  const inAnswers = stack.answers.flatMap((answer) => findLeaks(secrets, answer.slice(0, 120), answer));
  const inLogs = findLeaks(secrets, 'the log', stack.output());
  expect([...leaks, ...inAnswers, ...inLogs]).toEqual([]);
});
