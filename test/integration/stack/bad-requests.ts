import { createBody, idOf } from './game.ts';

/** A request that is refused or that leads nowhere, and the answer that it gets. */
export interface BadRequest {
  about: string;
  path: string;
  method?: string;
  body?: unknown;
  status: number;
  /** Expected members of the problem document, or of the answer. */
  says: Record<string, unknown>;
}

type Spec = ReturnType<typeof createBody>['containerGroup'];
const spec = createBody('game-2').containerGroup;
const [container] = spec.containers;
const create = (change: Record<string, unknown>): unknown => ({ ...createBody('game-2'), ...change });
const createSpec = (change: Partial<Record<keyof Spec, unknown>>): unknown =>
  create({ containerGroup: { ...spec, ...change } });
const createContainer = (change: Record<string, unknown>): unknown =>
  createSpec({ containers: [{ ...container, ...change }] });
const invalid = (field: string): Record<string, unknown> => ({ code: 'invalidRequest', field });
const badSpec = (field: string): Record<string, unknown> => ({ code: 'invalidSpec', field: `containerGroup.${field}` });

const posts = ['ACICreate', 'ACIDelete', 'ACISetSessions', 'ACISetState', 'ACIDetails'];

/** The requests that nobody should send, each with an answer of its own. A group `game-1` runs. */
export const badRequests: BadRequest[] = [
  ...posts.flatMap((path): BadRequest[] => [
    { about: `${path} without a body`, path, body: '', status: 400, says: { code: 'bodyMissing' } },
    {
      about: `${path} with a body that is no JSON`,
      path,
      body: '{"resourceGroup":',
      status: 400,
      says: { code: 'bodyNotJson' },
    },
    { about: `${path} with null`, path, body: 'null', status: 400, says: { field: 'body' } },
    { about: `${path} with a text for a body`, path, body: '"hello"', status: 400, says: { code: 'invalidRequest' } },
    {
      about: `${path} with 5 MiB`,
      path,
      body: JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) }),
      status: 413,
      says: { code: 'bodyTooLarge' },
    },
  ]),
  {
    about: 'a number for a name',
    path: 'ACICreate',
    body: create({ containerGroupName: 7 }),
    status: 400,
    says: invalid('containerGroupName'),
  },
  {
    about: 'a field that does not exist',
    path: 'ACICreate',
    body: create({ maxSession: 7 }),
    status: 400,
    says: invalid('maxSession'),
  },
  {
    about: 'a misspelt field of the specification',
    path: 'ACICreate',
    body: createContainer({ imagee: 'x' }),
    status: 400,
    says: invalid('containerGroup.containers[0].imagee'),
  },
  { about: 'no specification', path: 'ACICreate', body: idOf('game-2'), status: 400, says: invalid('containerGroup') },
  {
    about: 'no containers',
    path: 'ACICreate',
    body: createSpec({ containers: [] }),
    status: 400,
    says: badSpec('containers'),
  },
  {
    about: 'no resources',
    path: 'ACICreate',
    body: createContainer({ resources: undefined }),
    status: 400,
    says: invalid('containerGroup.containers[0].resources'),
  },
  {
    about: '61 containers',
    path: 'ACICreate',
    body: createSpec({ containers: Array.from({ length: 61 }, (_, index) => ({ ...container, name: `c-${index}` })) }),
    status: 400,
    says: badSpec('containers'),
  },
  {
    about: 'two containers of one name',
    path: 'ACICreate',
    body: createSpec({ containers: [container, container] }),
    status: 400,
    says: badSpec('containers[1].name'),
  },
  {
    about: 'port 0',
    path: 'ACICreate',
    body: createContainer({ ports: [{ port: 0 }] }),
    status: 400,
    says: badSpec('containers[0].ports[0].port'),
  },
  {
    about: 'port 65536',
    path: 'ACICreate',
    body: createSpec({ ipAddress: { type: 'Public', ports: [{ port: 65_536 }] } }),
    status: 400,
    says: badSpec('ipAddress.ports[0].port'),
  },
  {
    about: 'six ports',
    path: 'ACICreate',
    body: createSpec({ ipAddress: { type: 'Public', ports: [1, 2, 3, 4, 5, 6].map((port) => ({ port })) } }),
    status: 400,
    says: badSpec('ipAddress.ports'),
  },
  {
    about: 'an unknown operating system',
    path: 'ACICreate',
    body: createSpec({ osType: 'BeOS' }),
    status: 400,
    says: { ...invalid('containerGroup.osType'), expected: 'one of Linux, Windows' },
  },
  {
    about: 'a name in capitals',
    path: 'ACICreate',
    body: create({ containerGroupName: 'Game-2' }),
    status: 400,
    says: { field: 'containerGroupName', expected: 'lower-case letters, digits and hyphens only' },
  },
  {
    about: 'a name with a hyphen at its end',
    path: 'ACICreate',
    body: create({ containerGroupName: 'game-' }),
    status: 400,
    says: { expected: 'a name that neither begins nor ends with a hyphen' },
  },
  {
    about: 'a name of 64 characters',
    path: 'ACICreate',
    body: create({ containerGroupName: 'g'.repeat(64) }),
    status: 400,
    says: { expected: '1 to 63 characters' },
  },
  {
    about: 'a name with two hyphens in a row',
    path: 'ACICreate',
    body: create({ containerGroupName: 'game--2' }),
    status: 400,
    says: { expected: 'a name without two hyphens in a row' },
  },
  {
    about: 'an empty name',
    path: 'ACIDelete',
    body: idOf(''),
    status: 400,
    says: { field: 'containerGroupName', expected: '1 to 63 characters' },
  },
  {
    about: 'a resource group with a dot at its end',
    path: 'ACICreate',
    body: create({ resourceGroup: 'games.' }),
    status: 400,
    says: { field: 'resourceGroup', expected: 'a name that does not end with a dot' },
  },
  {
    about: 'a resource group of 91 characters',
    path: 'ACICreate',
    body: create({ resourceGroup: 'g'.repeat(91) }),
    status: 400,
    says: { field: 'resourceGroup', expected: '1 to 90 characters' },
  },
  {
    about: 'a resource group with a slash',
    path: 'ACICreate',
    body: create({ resourceGroup: 'a/b' }),
    status: 400,
    says: { field: 'resourceGroup', expected: 'letters, digits, and _ - . ( ) only' },
  },
  {
    about: 'a resource group outside ASCII',
    path: 'ACICreate',
    body: create({ resourceGroup: 'spiele-für-alle' }),
    status: 400,
    says: { code: 'resourceGroupNotAscii' },
  },
  { about: 'wait=abc', path: 'ACICreate?wait=abc', body: createBody('game-2'), status: 400, says: invalid('wait') },
  { about: 'wait=0', path: 'ACICreate?wait=0', body: createBody('game-2'), status: 400, says: invalid('wait') },
  { about: 'wait=61', path: 'ACICreate?wait=61', body: createBody('game-2'), status: 400, says: invalid('wait') },
  ...[undefined, null, 'abc', '', '1.5', -3, 1.5, 1_000_001, 1e21, true].map((activeSessions): BadRequest => ({
    about: `a session count of ${JSON.stringify(activeSessions) ?? 'nothing'}`,
    path: 'ACISetSessions',
    body: { ...idOf('game-1'), activeSessions },
    status: 400,
    says: invalid('activeSessions'),
  })),
  {
    about: 'half a session',
    path: 'ACISetSessions',
    body: { ...idOf('game-1'), activeSessions: 0.5 },
    status: 400,
    says: { expected: 'a whole number' },
  },
  {
    about: 'a sequence below nothing',
    path: 'ACISetSessions',
    body: { ...idOf('game-1'), activeSessions: 1, sequence: -1 },
    status: 400,
    says: { field: 'sequence', expected: 'at least 0' },
  },
  {
    about: 'an empty list of reports',
    path: 'ACISetSessions',
    body: [],
    status: 400,
    says: { code: 'invalidRequest', expected: 'at least 1 items' },
  },
  {
    about: 'sessions of an unknown group',
    path: 'ACISetSessions',
    body: { ...idOf('nobody'), activeSessions: 1 },
    status: 200,
    says: { results: [{ status: 'unknownGroup' }] },
  },
  {
    about: 'an unknown state',
    path: 'ACISetState',
    body: { ...idOf('game-1'), state: 'Running' },
    status: 400,
    says: { field: 'state', expected: 'one of MarkedForDeletion, Failed' },
  },
  {
    about: 'the state of an unknown group',
    path: 'ACISetState',
    body: { ...idOf('nobody'), state: 'Failed' },
    status: 404,
    says: { code: 'unknownGroup' },
  },
  {
    about: 'details of an unknown group',
    path: 'ACIDetails?resourceGroup=games&containerGroupName=nobody',
    status: 404,
    says: { code: 'unknownGroup' },
  },
  {
    about: 'details without a name',
    path: 'ACIDetails?resourceGroup=games',
    status: 400,
    says: invalid('containerGroupName'),
  },
  {
    about: 'a log of minus one line',
    path: 'ACIDetails?resourceGroup=games&containerGroupName=game-1&type=logs&tail=-1',
    status: 400,
    says: invalid('tail'),
  },
  {
    about: 'the deletion of an unknown group',
    path: 'ACIDelete',
    body: idOf('nobody'),
    status: 200,
    says: { deleted: true },
  },
  { about: 'a list of an unknown state', path: 'ACIList?state=Gone', status: 400, says: invalid('state') },
  { about: 'a list of no groups at all', path: 'ACIList?limit=0', status: 400, says: invalid('limit') },
  {
    about: 'a seat for nothing',
    path: 'ACIAllocate',
    body: { fleet: 'arena' },
    status: 400,
    says: invalid('requestId'),
  },
  {
    about: 'a seat of two fleets',
    path: 'ACIAllocate',
    body: { fleet: 'arena', labels: { fleet: 'duel' }, requestId: 'one' },
    status: 400,
    says: invalid('labels.fleet'),
  },
  {
    about: 'something with a lease that cannot be done',
    path: 'ACILease',
    body: { leaseId: 'one', action: 'sell' },
    status: 400,
    says: invalid('action'),
  },
  {
    about: 'an operation that is none of ours',
    path: 'ACIOperation?id=collect-garbage',
    status: 404,
    says: { code: 'unknownOperation' },
  },
];
