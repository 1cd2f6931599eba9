import { describe, expect, test } from 'vitest';
import { createContainerGroupActivity } from '../../../src/activities/create-container-group.ts';
import type { ContainerGroupSpec } from '../../../src/domain/spec/container-group-spec.ts';
import { createFakeContainerGroups } from '../aci/fake-container-groups.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

const spec: ContainerGroupSpec = { location: 'westeurope', osType: 'Linux', containers: [] };
const input = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first', spec };
const tools = { client: createFakeDurableClient(), log: () => undefined };

describe('creating a container group', () => {
  test('opens the secrets of the spec for the group that they were sealed for', async () => {
    const containerGroups = createFakeContainerGroups();
    const owners: string[] = [];
    const activity = createContainerGroupActivity(containerGroups, (sealed, owner) => {
      owners.push(owner);
      return { ok: true, spec: sealed };
    });
    expect(await activity(input, tools)).toEqual({ ok: true });
    expect(owners).toEqual(['games:game-1']);
    expect(containerGroups.calls).toEqual(['create game-1 first']);
  });

  test('does not call ARM with secrets that it cannot open', async () => {
    const containerGroups = createFakeContainerGroups();
    const failure = { code: 'unsealFailed', message: 'The key is gone.' } as const;
    const activity = createContainerGroupActivity(containerGroups, () => ({ ok: false, failure }));
    expect(await activity(input, tools)).toEqual({ ok: false, failure });
    expect(containerGroups.calls).toEqual([]);
  });

  test("hands on ARM's refusal with the wait that it asks for", async () => {
    const containerGroups = createFakeContainerGroups();
    const refused = {
      ok: false,
      failure: { code: 'throttled', message: 'Later.' },
      retryAfterMs: 5_000,
      leftNothing: true,
    } as const;
    containerGroups.failNext(refused);
    const activity = createContainerGroupActivity(containerGroups, (sealed) => ({ ok: true, spec: sealed }));
    expect(await activity(input, tools)).toEqual(refused);
    expect(await activity(input, tools)).toEqual({ ok: true });
  });
});
