import { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { durableClientPayload } from '../local/host/durable/http/client-binding.ts';
import { listen, serveReports } from './floor.ts';

// The second floor: the two requests that a report costs with the unmodified durable client (read the entity, signal it), against a
// server that keeps nothing. It runs in the same process, as the local host runs in that of the app.

/** As long as what ACISetSessions reads of a running group. */
const ENTITY_STATE = JSON.stringify({ state: 'Running', activeSessions: 0, timeline: 'x'.repeat(760) });

const rpcOrigin = await listen((request, response) => {
  request.resume().on('end', () => {
    if (request.method !== 'GET') response.writeHead(202).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(ENTITY_STATE);
  });
});
const client = createClient(rpcOrigin);
await serveReports(async ({ resourceGroup, containerGroupName, activeSessions }) => {
  const entityId = new df.EntityId('containerGroup', `${resourceGroup}:${containerGroupName}`);
  await client.readEntityState(entityId);
  await client.signalEntity(entityId, 'reportSessions', { activeSessions });
});

function createClient(origin: string): df.DurableClient {
  const input = df.input.durableClient();
  const context = new InvocationContext({ functionName: 'floor', options: { extraInputs: [input] } });
  const payload = durableClientPayload({
    hubName: 'floor',
    origin,
    systemKey: undefined,
    rpcBaseUrl: `${origin}/durabletask/`,
  });
  context.extraInputs.set(input, JSON.parse(payload));
  return df.getClient(context);
}
