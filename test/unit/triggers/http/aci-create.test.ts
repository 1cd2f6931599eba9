import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createSealer } from '../../../../src/security/sealing.ts';
import { aciCreate } from '../../../../src/triggers/http/aci-create.ts';
import { createFakeDurableClient } from '../../durable/fake-durable-client.ts';
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
      z.object({ environmentVariables: z.array(z.object({ name: z.string(), secureValue: z.string().optional() })) }),
    ),
  }),
});

/** The answer to a creation, and the environment that its container would get. */
async function create(changed: Partial<typeof settings> = {}) {
  const client = createFakeDurableClient();
  const answer = await aciCreate({ ...settings, ...changed }, security).handle(requestWith(client, body));
  const { spec } = startedSchema.parse(client.started[0]?.input);
  const [{ environmentVariables } = { environmentVariables: [] }] = spec.containers;
  return { answer, environment: new Map(environmentVariables.map(({ name, secureValue }) => [name, secureValue])) };
}

describe('ACICreate', () => {
  test('tells containers where to report by the settings, whatever host the request was sent to', async () => {
    const { environment } = await create();
    expect(environment.get('ACI_SET_SESSIONS_URL')).toBe(
      'https://reports.example.com/ACIReport/Games/game-1?sig=its-token',
    );
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
