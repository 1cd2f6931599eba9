import { app } from '@azure/functions';
import * as df from 'durable-functions';

app.get('anonymous', { authLevel: 'anonymous', handler: () => ({ status: 200 }) });
app.get('functionA', { authLevel: 'function', handler: () => ({ status: 200 }) });
app.get('functionB', { authLevel: 'function', handler: () => ({ status: 200 }) });
app.get('admin', { route: 'admins', authLevel: 'admin', handler: () => ({ status: 200 }) });
app.eventGrid('events', { handler: () => undefined });
df.app.orchestration('empty', function* () {
  return undefined;
});
app.get('rpc', {
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (_, context) => {
    const client = df.getClient(context);
    const id = await client.startNew('empty');
    return { jsonBody: client.createHttpManagementPayload(id) };
  },
});
