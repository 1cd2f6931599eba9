import { describe, expect, test } from 'vitest';
import { createContainerGroupActivity } from '../../../src/activities/create-container-group.ts';
import { deleteContainerGroupResourceActivity } from '../../../src/activities/delete-container-group-resource.ts';
import { logThrottling } from '../../../src/aci/log-throttling.ts';
import { readContainerGroupActivity } from '../../../src/activities/read-container-group.ts';
import type { ContainerGroupSpec } from '../../../src/domain/spec/container-group-spec.ts';
import { createFakeContainerGroups } from './fake-container-groups.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

const throttled = { ok: false, failure: { code: 'throttled', message: 'Later.' }, retryAfterMs: 5_000 } as const;

describe('the log', () => {
  test('says that ARM refused a call for the number of calls, and what wait it asks for', () => {
    const lines: string[] = [];
    expect(logThrottling(throttled, 'game-1', (line) => lines.push(line))).toBe(throttled);
    expect(lines).toEqual(['game-1 throttled by Azure, which asks for 5000 ms']);
  });

  test('says nothing of a call that went well, or wrong in another way', () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    logThrottling({ ok: true, gone: true }, 'game-1', log);
    logThrottling({ ok: false, failure: { code: 'quotaReached', message: 'No more.' } }, 'game-1', log);
    expect(lines).toEqual([]);
  });

  test('says so for every call that an orchestration waits for', async () => {
    const containerGroups = createFakeContainerGroups();
    const lines: string[] = [];
    const tools = { client: createFakeDurableClient(), log: (line: string) => lines.push(line) };
    const group = { resourceGroup: 'Games', containerGroupName: 'game-1', incarnation: 'first' };
    const spec: ContainerGroupSpec = { location: 'westeurope', osType: 'Linux', containers: [] };

    containerGroups.failNext(throttled);
    await readContainerGroupActivity(containerGroups)(group, tools);
    containerGroups.failNext(throttled);
    await deleteContainerGroupResourceActivity(containerGroups)(group, tools);
    containerGroups.failNext(throttled);
    const create = createContainerGroupActivity(containerGroups, (sealed) => ({ ok: true, spec: sealed }));
    await create({ ...group, spec }, tools);
    expect(lines).toHaveLength(3);
  });
});
