import { app } from '@azure/functions';

app.http('echo', {
  authLevel: 'anonymous',
  methods: ['GET', 'POST', 'PUT', 'HEAD'],
  route: 'echo/{id:int}/{*rest}',
  handler: async (request, context) => {
    context.log('a line of the app');
    return {
      jsonBody: {
        method: request.method,
        url: request.url,
        params: request.params,
        query: Object.fromEntries(request.query),
        header: request.headers.get('x-sent'),
        body: await request.text(),
        functionName: context.functionName,
        triggerMetadata: context.triggerMetadata ?? null,
        traceParent: context.traceContext?.traceParent ?? null,
      },
    };
  },
});
app.get('a_first', { authLevel: 'anonymous', route: 'order/{any}', handler: () => ({ body: 'a_first' }) });
app.get('b_exact', { authLevel: 'anonymous', route: 'order/exact', handler: () => ({ body: 'b_exact' }) });
app.get('duplicate1', { authLevel: 'anonymous', route: 'same', handler: () => ({ body: 'duplicate1' }) });
app.get('duplicate2', { authLevel: 'anonymous', route: 'SAME', handler: () => ({ body: 'duplicate2' }) });
app.get('switchedOff', { authLevel: 'anonymous', handler: () => ({ body: 'never' }) });
app.get('environment', {
  authLevel: 'anonymous',
  handler: () => ({
    jsonBody: {
      hostname: process.env['WEBSITE_HOSTNAME'],
      workingDirectory: process.cwd(),
      worker: process.env['FUNCTIONS_WORKER_RUNTIME'],
      setting: process.env['FIXTURE_SETTING'],
    },
  }),
});
