import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toListItem } from '../../../../src/domain/group/list-item.ts';
import { createSealer } from '../../../../src/security/sealing.ts';
import { aciCreate } from '../../../../src/triggers/http/aci-create.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { creating, failed, refusedCreation, running } from '../../domain/group/group-fixture.ts';
import { requestWith } from './request.ts';

const security = {
  // The test looks at what would be sealed.
  sealSpec: <Spec>(spec: Spec): Spec => spec,
  sealer: createSealer([{ id: 'one', key: Buffer.alloc(32) }]),
  tokens: { mint: () => ({ token: 'its-token', digest: 'its-digest' }) },
};

const settings = {
  publicUrl: 'https://public.example.com/games',
  setSessionsUrl: 'https://reports.example.com/ACIReport',
  keylessStatusUrls: false,
  pollIntervalMs: 10_000,
  provisioningDeadlineMs: 1_800_000,
  creationPolicy: { allowIdentity: false, allowSubnet: false },
};

const body = {
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  containerGroup: {
    location: 'westeurope',
    osType: 'Linux',
    containers: [{ name: 'server', image: 'game:1', resources: { requests: { cpu: 1, memoryInGB: 1 } } }],
  },
};

const startedSchema = z.object({
  spec: z.object({
    containers: z.array(
      z.object({
        environmentVariables: z.array(
          z.object({ name: z.string(), value: z.string().optional(), secureValue: z.string().optional() }),
        ),
      }),
    ),
  }),
});

/** The answer to a creation, and the environment that its container would get. */
async function create(changed: Partial<typeof settings> = {}) {
  const client = createFakeDurableClient();
  const answer = await aciCreate({ ...settings, ...changed }, security).handle(requestWith(client, body));
  const { spec } = startedSchema.parse(client.started[0]?.input);
  const [{ environmentVariables } = { environmentVariables: [] }] = spec.containers;
  return { answer, environment: new Map(environmentVariables.map(({ name, ...values }) => [name, values])) };
}

describe('ACICreate', () => {
  test('tells containers where to report by the settings, whatever host the request was sent to', async () => {
    const { environment } = await create();
    expect(environment.get('ACI_SET_SESSIONS_URL')).toEqual({
      secureValue: 'https://reports.example.com/ACIReport/Games/game-1?sig=its-token',
    });
  });

  test('tells containers which group they are in', async () => {
    const { environment } = await create();
    expect(environment.get('RESOURCE_GROUP')).toEqual({ value: 'Games' });
    expect(environment.get('CONTAINER_GROUP_NAME')).toEqual({ value: 'game-1' });
  });

  test('says below the public URL how it goes, whatever host the request was sent to', async () => {
    expect((await create()).answer.jsonBody).toMatchObject({
      statusQueryGetUri:
        'https://public.example.com/games/runtime/webhooks/durabletask/instances/provision:games:game-1?code=key',
    });
    expect((await create({ keylessStatusUrls: true })).answer.jsonBody).toEqual({
      id: 'provision:games:game-1',
      statusQueryGetUri: 'https://public.example.com/games/api/ACIOperation?id=provision%3Agames%3Agame-1',
    });
  });
});

const INSTANCE_ID = 'provision:games:game-1';
const KEY = 'games:game-1';

const inputSchema = z.looseObject({
  incarnation: z.string(),
  creation: z.object({ requestDigest: z.string(), idempotencyKey: z.string().exactOptional() }),
  earlierCreations: z.array(z.unknown()).exactOptional(),
});

/** The input of the provisioning that was started last. */
function lastInput({ started }: FakeDurableClient) {
  return inputSchema.parse(started.at(-1)?.input);
}

async function ask(client: FakeDurableClient, key: string | null = null, query: Record<string, string> = {}) {
  return aciCreate(settings, security).handle({ ...requestWith(client, body, key), query });
}

/** Has another creation come and go through while the start of this one is on its way, so that a group is there after it. */
function overtake(client: FakeDurableClient, group: object): FakeDurableClient {
  const { start } = client;
  client.start = async (...given) => {
    const answer = await start(...given);
    client.entities.set(KEY, group);
    return answer;
  };
  return client;
}

describe('ACICreate, beside others of its name,', () => {
  test('is told no though its start was told yes, when the backend carries out another', async () => {
    const client = createFakeDurableClient();
    const { start } = client;
    client.start = async (orchestrator, instanceId, input) => {
      await start(orchestrator, instanceId, input);
      client.instances.set(instanceId, { input: { ...lastInput(client), incarnation: 'of-another' } });
      return 'started';
    };
    await expect(ask(client)).rejects.toMatchObject({ failure: { code: 'alreadyExists' } });
  });

  test('is told no when it came too late for a group that was made in between', async () => {
    const client = overtake(createFakeDurableClient(), running);
    await expect(ask(client)).rejects.toMatchObject({
      failure: { code: 'alreadyExists' },
      extensions: { state: 'Running' },
    });
  });

  test('gets the group that the same request made in between, and waits for that one', async () => {
    const earlier = createFakeDurableClient();
    await ask(earlier, 'key-1');
    const { incarnation, creation } = lastInput(earlier);
    const client = overtake(createFakeDurableClient(), { ...running, incarnation, creation });
    expect(await ask(client, 'key-1')).toMatchObject({ status: 202 });
    client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true });
    expect(await ask(client, 'key-1', { wait: '1' })).toMatchObject({ status: 200, jsonBody: { state: 'Running' } });
  });

  test('that comes again is answered with its group only while that is there', async () => {
    const client = createFakeDurableClient();
    await ask(client, 'key-1');
    const { incarnation, creation } = lastInput(client);
    const output = { ok: true, group: toListItem({ ...running, incarnation, creation }) };
    client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true, output });
    expect(await ask(client, 'key-1', { wait: '60' })).toMatchObject({ status: 202, jsonBody: { id: INSTANCE_ID } });
    client.entities.set(KEY, { ...running, incarnation, creation });
    expect(await ask(client, 'key-1', { wait: '60' })).toMatchObject({ status: 200, jsonBody: { state: 'Running' } });
  });

  test('of a name whose group is gone carries on what is remembered of the ones before', async () => {
    const client = createFakeDurableClient();
    for (const key of ['key-1', null, 'key-2', 'key-3']) {
      await ask(client, key);
      client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true });
    }
    expect(lastInput(client).earlierCreations).toMatchObject([
      { idempotencyKey: 'key-2' },
      { idempotencyKey: 'key-1' },
    ]);
    expect(await ask(client, 'key-1', { wait: '60' })).toMatchObject({ status: 202, jsonBody: { id: INSTANCE_ID } });
    expect(client.started).toHaveLength(4);
  });

  test('is refused with the key of another body, when the group of that one is gone too', async () => {
    const client = createFakeDurableClient();
    await ask(client, 'key-1');
    client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true });
    const other = aciCreate(settings, security).handle(requestWith(client, { ...body, maxSessions: 5 }, 'key-1'));
    await expect(other).rejects.toMatchObject({ failure: { code: 'idempotencyKeyReused' } });
  });

  test('is refused when the sealing key is gone with which its body was remembered', async () => {
    const client = createFakeDurableClient();
    await ask(client, 'key-1');
    const sealer = createSealer([{ id: 'two', key: Buffer.alloc(32, 1) }]);
    const repeated = aciCreate(settings, { ...security, sealer }).handle(requestWith(client, body, 'key-1'));
    await expect(repeated).rejects.toMatchObject({ failure: { code: 'idempotencyKeyReused' } });
    expect(client.started).toHaveLength(1);
  });

  test('may be tried again with its key when it was told that the name is taken', async () => {
    const client = createFakeDurableClient();
    await ask(client, 'key-1');
    const failure = { code: 'alreadyExists', message: 'It exists.' };
    const refused = { ...client.instances.get(INSTANCE_ID), isFinished: true, output: { ok: false, failure } };
    client.instances.set(INSTANCE_ID, refused);
    await ask(client, 'key-1');
    expect(client.started).toHaveLength(2);
    expect(lastInput(client).earlierCreations).toBeUndefined();
  });
});

describe('ACICreate of a name whose creation left nothing in Azure', () => {
  /** The group that failed, and its provisioning; `begin` is what becomes of the next one once it is started. */
  function clientAfterRefusal(isFinished: boolean, begin: (client: FakeDurableClient) => void): FakeDurableClient {
    const client = createFakeDurableClient();
    client.entities.set(KEY, refusedCreation);
    const { start } = client;
    client.start = async (...given) => {
      const answer = await start(...given);
      if (answer === 'started') {
        begin(client);
      } else {
        client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true });
      }
      return answer;
    };
    const spec = { location: 'westeurope', osType: 'Linux', containers: [] };
    const { incarnation, creation } = refusedCreation;
    const facts = { resourceGroup: 'Games', containerGroupName: 'game-1', tokenDigest: 'token', cause: 'request 1' };
    const waitPolicy = { pollIntervalMs: 1, deadlineMs: 1 };
    client.instances.set(INSTANCE_ID, { isFinished, input: { ...facts, incarnation, creation, spec, waitPolicy } });
    return client;
  }

  /** The entity takes the new creation, at the second look. */
  function taken(client: FakeDurableClient): void {
    const { readAny } = client;
    client.readAny = async (entity, key) => {
      const seen = await readAny(entity, key);
      client.entities.set(KEY, { ...creating, incarnation: lastInput(client).incarnation });
      return seen;
    };
  }

  test.each([
    ['has ended', true],
    ['is about to end', false],
  ])('creates it anew when the provisioning of that one %s', async (_, isFinished) => {
    const client = clientAfterRefusal(isFinished, taken);
    expect(await ask(client)).toMatchObject({ status: 202 });
    expect(client.started).toHaveLength(1);
    expect(lastInput(client).incarnation).not.toBe(refusedCreation.incarnation);
  });

  test('is told no when the deletion of that one has begun meanwhile', async () => {
    const client = clientAfterRefusal(true, () => {
      client.entities.set(KEY, { ...refusedCreation, deletion: { requestedAt: creating.createdAt, cause: 'sweep 1' } });
      client.instances.set(INSTANCE_ID, { ...client.instances.get(INSTANCE_ID), isFinished: true });
    });
    await expect(ask(client)).rejects.toMatchObject({ failure: { code: 'alreadyExists' } });
  });

  test('is told no when another one takes its place', async () => {
    const client = clientAfterRefusal(true, () => {
      client.instances.set(INSTANCE_ID, { input: { ...lastInput(client), incarnation: 'of-another' } });
    });
    await expect(ask(client)).rejects.toMatchObject({ failure: { code: 'alreadyExists' } });
  });

  test('answers a repetition with its key as before', async () => {
    const earlier = createFakeDurableClient();
    await ask(earlier, 'key-1');
    const { creation } = lastInput(earlier);
    const client = clientAfterRefusal(true, taken);
    client.entities.set(KEY, { ...refusedCreation, creation });
    expect(await ask(client, 'key-1')).toMatchObject({ status: 202 });
    expect(client.started).toEqual([]);
  });
});

describe('the ceiling of groups', () => {
  const limited = { ...settings, creationPolicy: { ...settings.creationPolicy, maxGroups: 3 } };

  async function createBeside(...groups: object[]) {
    const client = createFakeDurableClient();
    for (const [index, group] of groups.entries()) {
      client.entities.set(`games:other-${index}`, group);
    }
    return aciCreate(limited, security).handle(requestWith(client, body));
  }

  test('counts what has, or may have, something in Azure', async () => {
    await expect(createBeside(running, creating, failed)).rejects.toMatchObject({ failure: { code: 'tooManyGroups' } });
  });

  test('counts what a newer version wrote, and what makes no sense', async () => {
    const answer = createBeside(running, { state: 'Hibernating' }, { state: 7 });
    await expect(answer).rejects.toMatchObject({ failure: { code: 'tooManyGroups' } });
  });

  test('does not count creations that left nothing in Azure', async () => {
    const refused = Array.from({ length: 150 }, () => refusedCreation);
    expect(await createBeside(running, ...refused, creating)).toMatchObject({ status: 202 });
  });
});
