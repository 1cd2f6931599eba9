import { app, HttpResponse } from '@azure/functions';

app.http('nothing', { authLevel: 'anonymous', handler: async () => Promise.resolve(undefined as never) });
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
app.http('notAnObject', { authLevel: 'anonymous', handler: () => 'a bare text' as never });
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
