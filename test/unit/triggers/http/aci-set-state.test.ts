import { describe, expect, test } from 'vitest';
import { createKnownGroups } from '../../../../src/triggers/http/known-groups.ts';
import { aciSetState } from '../../../../src/triggers/http/aci-set-state.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { BORN, LATER, marked, running } from '../../domain/group/group-fixture.ts';
import { requestWith } from './request.ts';

const KEY = 'games:game-1';
const id = { resourceGroup: 'Games', containerGroupName: 'game-1' };
const { handle } = aciSetState(
  () => Date.parse(LATER),
  createKnownGroups(() => 0),
);

/** A client whose entity has applied a command with an outcome. */
function applied(commandId: string, refusal?: { code: string; message: string }): FakeDurableClient {
  const client = createFakeDurableClient();
  const outcome = { commandId, at: LATER, ...(refusal === undefined ? {} : { refusal }) };
  client.entities.set(KEY, { ...marked, outcomes: [outcome] });
  return client;
}

describe('ACISetState', () => {
  test('sends the command to the entity and answers with the group after it', async () => {
    const client = applied('MarkedForDeletion key-1');
    const response = await handle(requestWith(client, { ...id, state: 'MarkedForDeletion' }, 'key-1'));
    expect(response.jsonBody).toMatchObject({ containerGroupName: 'game-1', state: 'MarkedForDeletion' });
    expect(client.signals).toEqual([
      {
        key: KEY,
        operation: 'mark',
        input: { at: LATER, cause: 'request 7', commandId: 'MarkedForDeletion key-1' },
      },
    ]);
  });

  test('sends another state with the same key as another command', async () => {
    const client = applied('Failed key-1');
    await handle(requestWith(client, { ...id, state: 'Failed' }, 'key-1'));
    expect(client.signals).toMatchObject([
      { operation: 'fail', input: { commandId: 'Failed key-1', failure: { code: 'setFailed' } } },
    ]);
  });

  test('answers with the reason when the entity refused', async () => {
    const client = applied('MarkedForDeletion key-1', { code: 'groupFailed', message: 'It is Failed.' });
    await expect(handle(requestWith(client, { ...id, state: 'MarkedForDeletion' }, 'key-1'))).rejects.toMatchObject({
      failure: { code: 'groupFailed' },
      extensions: { state: 'MarkedForDeletion' },
    });
  });

  test('gives each request without a key a command of its own', async () => {
    const client = createFakeDurableClient();
    client.entities.set(KEY, running);
    const waiting = handle(requestWith(client, { ...id, state: 'MarkedForDeletion' }));
    await expect.poll(() => client.signals.length).toBe(1);
    const [signal] = client.signals;
    const commandId = JSON.stringify(signal?.input).match(/"commandId":"([0-9a-f-]{36})"/)?.[1];
    client.entities.set(KEY, { ...marked, outcomes: [{ commandId, at: BORN }] });
    expect((await waiting).jsonBody).toMatchObject({ state: 'MarkedForDeletion' });
  });

  test('knows no group that is not there', async () => {
    const request = requestWith(createFakeDurableClient(), { ...id, state: 'Failed' });
    await expect(handle(request)).rejects.toMatchObject({ failure: { code: 'unknownGroup' } });
  });

  test.each([
    ['a state that nobody may set', { ...id, state: 'Running' }, 'state'],
    ['a name that Azure could not have', { ...id, resourceGroup: 'a/b', state: 'Failed' }, 'resourceGroup'],
  ])('refuses %s', async (_, body, field) => {
    await expect(handle(requestWith(createFakeDurableClient(), body))).rejects.toMatchObject({ extensions: { field } });
  });
});
