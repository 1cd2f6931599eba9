import { app, HttpResponse, output, trigger } from '@azure/functions';

app.generic('nothing', {
  trigger: trigger.http({ authLevel: 'anonymous' }),
  return: output.http({}),
  handler: () => undefined,
});
app.http('empty', { authLevel: 'anonymous', handler: () => ({}) });
app.http('json', {
  authLevel: 'anonymous',
  handler: () => ({ status: 201, jsonBody: { answer: 42 }, headers: { 'x-a': 'b' } }),
});
app.http('text', { authLevel: 'anonymous', handler: () => ({ body: 'grüße' }) });
app.http('bytes', { authLevel: 'anonymous', handler: () => ({ body: new Uint8Array([0, 255, 10]) }) });
app.http('noContent', { authLevel: 'anonymous', handler: () => ({ status: 204, body: 'dropped' }) });
app.http('throws', {
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('thrown by the handler');
  },
});
app.generic('notAnObject', {
  trigger: trigger.http({ authLevel: 'anonymous' }),
  return: output.http({}),
  handler: () => 'a bare text',
});
app.http('wrapped', { authLevel: 'anonymous', handler: () => new HttpResponse({ status: 202, body: 'wrapped' }) });
app.http('cookies', {
  authLevel: 'anonymous',
  handler: () => ({
    cookies: [
      { name: 'first', value: 'a b', maxAge: 60, httpOnly: true, sameSite: 'Lax' },
      {
        name: 'second',
        value: '2',
        path: '/x',
        secure: true,
        sameSite: 'None',
        expires: new Date('2030-01-01T00:00:00Z'),
      },
      { name: 'third', value: '3' },
    ],
  }),
});
