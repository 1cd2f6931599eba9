import { describe, expect, test } from 'vitest';
import { readDeletionsActivity } from '../../../src/activities/read-deletions.ts';
import { startDeletionsActivity } from '../../../src/activities/start-deletions.ts';
import { createFakeDurableClient } from '../durable/fake-durable-client.ts';

const one = { resourceGroup: 'Games', containerGroupName: 'one' };
const two = { resourceGroup: 'Games', containerGroupName: 'two' };
const log = () => undefined;
const waitPolicy = { pollIntervalMs: 10_000, deadlineMs: 1_800_000 };
const patience = { sessionsStaleAfterMs: 60_000, failedCreationRetentionMs: 600_000, failedRetentionMs: 3_600_000 };
const input = { ...one, mode: 'graceful', ...patience, cause: 'sweep 1', waitPolicy };

const startDeletions = startDeletionsActivity({
  ...patience,
  pollIntervalMs: 10_000,
  provisioningDeadlineMs: 1_800_000,
});

describe('starting deletions', () => {
  test('starts one for each group, which asks the entity gracefully', async () => {
    const client = createFakeDurableClient();
    expect(await startDeletions({ groups: [one, two], cause: 'sweep 1' }, { client, log })).toEqual({
      alreadyUnderWay: [],
    });
    expect(client.started).toEqual([
      { orchestrator: 'deleteContainerGroup', instanceId: 'delete:games:one', input },
      { orchestrator: 'deleteContainerGroup', instanceId: 'delete:games:two', input: { ...input, ...two } },
    ]);
  });

  test('means the group that the sweep saw, and no later one of its name', async () => {
    const client = createFakeDurableClient();
    await startDeletions({ groups: [{ ...one, incarnation: 'first' }], cause: 'sweep 1' }, { client, log });
    expect(client.started).toMatchObject([{ input: { ...input, incarnation: 'first' } }]);
  });

  test('leaves a group to the deletion that is under way', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { isFinished: false, input: { ...input, cause: 'request 1' } });
    expect(await startDeletions({ groups: [one, two], cause: 'sweep 1' }, { client, log })).toEqual({
      alreadyUnderWay: [one],
    });
    expect(client.started.map(({ instanceId }) => instanceId)).toEqual(['delete:games:two']);
  });

  test('tells a group apart whose name the deletion of an earlier one still has', async () => {
    const client = createFakeDurableClient();
    const groups = [
      { ...one, incarnation: 'second' },
      { ...two, incarnation: 'second' },
    ];
    const other = { ...input, cause: 'request 1' };
    client.instances.set('delete:games:one', { input: { ...other, incarnation: 'first' } });
    client.instances.set('delete:games:two', { input: { ...other, ...two, incarnation: 'second' } });
    expect(await startDeletions({ groups, cause: 'sweep 1' }, { client, log })).toEqual({
      alreadyUnderWay: [groups[1]],
      earlierUnderWay: [groups[0]],
    });
  });

  test('that runs twice counts as its own what it had started the first time', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { input });
    expect(await startDeletions({ groups: [one], cause: 'sweep 1' }, { client, log })).toEqual({ alreadyUnderWay: [] });
  });

  test('leaves to itself one under way whose input cannot be read', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { input: 'of another version' });
    expect(await startDeletions({ groups: [one], cause: 'sweep 1' }, { client, log })).toEqual({
      alreadyUnderWay: [one],
    });
  });

  test('starts one anew where one of another version died', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { input: null, output: 'It broke.', status: [], runtimeStatus: 'Failed' });
    await startDeletions({ groups: [one], cause: 'sweep 1' }, { client, log });
    expect(client.started).toMatchObject([{ instanceId: 'delete:games:one' }]);
  });

  test('fails when one could not be started, so that the sweep reports it', async () => {
    const client = createFakeDurableClient();
    client.failNext(new Error('The store is away.'));
    await expect(startDeletions({ groups: [one], cause: 'sweep 1' }, { client, log })).rejects.toThrow('is away');
  });
});

describe('reading deletions', () => {
  test('leaves out what is under way', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { input });
    expect(await readDeletionsActivity({ groups: [one] }, { client, log })).toEqual({ ended: [] });
  });

  test('tells a deletion from a refusal', async () => {
    const client = createFakeDurableClient();
    const failure = { code: 'sessionsActive', message: 'Somebody joined.' };
    const ended = { input, isFinished: true, runtimeStatus: 'Completed' } as const;
    client.instances.set('delete:games:one', { ...ended, output: { ok: true, deleted: true } });
    client.instances.set('delete:games:two', { ...ended, output: { ok: false, failure } });
    expect(await readDeletionsActivity({ groups: [one, two] }, { client, log })).toEqual({
      ended: [one, { ...two, failure }],
    });
  });

  test('takes one that ended without an outcome, or whose history is gone, for failed', async () => {
    const client = createFakeDurableClient();
    client.instances.set('delete:games:one', { input, isFinished: true, runtimeStatus: 'Terminated' });
    const { ended } = await readDeletionsActivity({ groups: [one, two] }, { client, log });
    expect(ended.map(({ failure }) => failure?.code)).toEqual(['internal', 'internal']);
    expect(ended[0]?.failure?.message).toContain('ended as Terminated');
    expect(ended[1]?.failure?.message).toContain('ended as purged');
  });

  test('takes one whose outcome cannot be read for ended, and reads neither its input nor its status', async () => {
    const client = createFakeDurableClient();
    const unreadable = { input: 'of another version', status: 17, output: { ok: 'perhaps' } };
    client.instances.set('delete:games:one', { ...unreadable, runtimeStatus: 'Completed' });
    client.instances.set('delete:games:two', { ...unreadable, runtimeStatus: 'Running' });
    const { ended } = await readDeletionsActivity({ groups: [one, two] }, { client, log });
    expect(ended).toMatchObject([{ ...one, failure: { code: 'internal' } }]);
    expect(ended[0]?.failure?.message).toContain('ended as Completed, without an outcome that this app can read');
  });
});
