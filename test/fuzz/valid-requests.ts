/** A request before it is written down, with its parts still apart. */
export interface Draft {
  method: string;
  segments: string[];
  query: [string, string][];
  headers: [string, string][];
  body?: unknown;
}

/** The group that the requests are about. */
export const id = { resourceGroup: 'games', containerGroupName: 'game-1' };
const spec = {
  location: 'westeurope',
  osType: 'Linux',
  containers: [
    {
      name: 'server',
      image: 'example/game:1',
      ports: [{ port: 7777, protocol: 'UDP' }],
      resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
      environmentVariables: [
        { name: 'MODE', value: 'fast' },
        { name: 'KEY', secureValue: 'secret' },
      ],
      livenessProbe: { httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'a', value: 'b' }] } },
    },
  ],
  ipAddress: { type: 'Public', ports: [{ port: 7777, protocol: 'UDP' }], dnsNameLabel: 'game-name' },
  imageRegistryCredentials: [{ server: 'example.azurecr.io', username: 'u', password: 'p' }],
  volumes: [{ name: 'files', secret: { file: 'c2VjcmV0' } }],
  extensions: [{ name: 'e', extensionType: 'x', protectedSettings: { a: 'b' } }],
  tags: { team: 'red' },
};
const uri =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/games/providers/Microsoft.ContainerInstance/containerGroups/game-1';
const event = {
  id: 'event-1',
  eventType: 'Microsoft.Resources.ResourceWriteSuccess',
  subject: uri,
  eventTime: '2026-11-24T10:00:00Z',
  dataVersion: '2',
  data: { resourceProvider: 'Microsoft.ContainerInstance', resourceUri: uri, operationName: 'x', status: 'Succeeded' },
};

const json: [string, string] = ['content-type', 'application/json'];
const draft = (method: string, path: string, more: Partial<Draft> = {}): Draft => ({
  method,
  segments: path.split('/'),
  query: [],
  headers: [json],
  ...more,
});
const idQuery = Object.entries(id);

/** As an earlier answer to the request that it is in would have brought it. */
const LIST_TOKEN = Buffer.from(
  '{"version":1,"page":"1!8!QGNv ","after":"games:game-0","state":"Running","fleet":"eu"}',
).toString('base64url');

/** One valid request of each kind. */
export const validRequests: readonly Draft[] = [
  draft('POST', 'api/ACICreate', { body: { ...id, containerGroup: spec, maxSessions: 8, labels: { fleet: 'eu' } } }),
  draft('POST', 'api/ACICreate', {
    body: { ...id, containerGroup: spec },
    headers: [json, ['idempotency-key', 'one']],
  }),
  draft('POST', 'api/ACIDelete', { body: { ...id, ifIdle: true } }),
  draft('DELETE', 'api/ACIDelete', { body: { ...id, containerGroupName: 'nobody' } }),
  draft('GET', 'api/ACIDetails', { query: [...idQuery, ['type', 'timeline']] }),
  draft('GET', 'api/ACIDetails', {
    query: [...idQuery, ['type', 'logs'], ['containerName', 'server'], ['tail', '10']],
  }),
  draft('POST', 'api/ACIDetails', { body: { ...id, type: 'logs', tail: 5 } }),
  draft('GET', 'api/ACIList', {
    query: [
      ['state', 'Running'],
      ['fleet', 'eu'],
      ['limit', '10'],
      ['continuationToken', LIST_TOKEN],
    ],
  }),
  draft('POST', 'api/ACISetSessions', {
    body: [
      { ...id, activeSessions: 3, sequence: 1, bootId: 'b', leases: ['lease'] },
      { ...id, activeSessions: 0 },
    ],
  }),
  draft('POST', 'api/ACISetSessions', { body: { ...id, activeSessions: 3 } }),
  draft('POST', 'api/ACISetState', { body: { ...id, state: 'Failed' }, headers: [json, ['idempotency-key', 'two']] }),
  draft('GET', 'api/ACIGC'),
  draft('GET', 'api/ACIOperation', { query: [['id', 'provision:games:game-1']] }),
  draft('POST', 'api/ACIAllocate', {
    body: { fleet: 'eu', labels: { map: 'dust' }, requestId: 'one', seats: 2, strategy: 'spread', leaseSeconds: 30 },
  }),
  draft('POST', 'api/ACIAllocate', {
    body: { requestId: 'two', preferredLocations: ['westeurope'], confirmSeconds: 60 },
  }),
  draft('GET', 'api/ACIAllocate', {
    query: [
      ['fleet', 'eu'],
      ['requestId', 'one'],
    ],
  }),
  draft('POST', 'api/ACILease', { body: { fleet: 'eu', leaseId: 'lease', action: 'confirm' } }),
  draft('POST', 'api/ACIReport/games/game-1', { body: { activeSessions: 2, sequence: 7, bootId: 'b' } }),
  draft('GET', 'api/ACIReport/games/game-1'),
  draft('GET', 'api/health'),
  draft('POST', 'runtime/webhooks/eventgrid', {
    query: [['functionName', 'ACIMonitor']],
    headers: [json, ['aeg-event-type', 'Notification']],
    body: [event],
  }),
  draft('GET', 'runtime/webhooks/durabletask/instances/provision:games:game-1', { query: [['showHistory', 'true']] }),
  draft('POST', 'runtime/webhooks/durabletask/instances/provision:games:game-1/terminate'),
  draft('GET', 'runtime/webhooks/durabletask/entities/containergroup/games:game-1'),
  draft('GET', 'admin/functions/ACIDelete/keys'),
];
