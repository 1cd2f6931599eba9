import { createBody, idOf } from './game.ts';

/** A request that must be refused, and what its answer says; 400 `invalidRequest` unless told otherwise. */
export interface BadRequest {
  says: string;
  path: string;
  body?: unknown;
  method?: string;
  status?: number;
  code?: string;
  field?: string;
  expected?: string;
}

const { containerGroup } = createBody('game-2');
const [server] = containerGroup.containers;
const create = (fields: object, more: object = {}) => ({
  path: 'ACICreate',
  body: { ...createBody('game-2'), containerGroup: { ...containerGroup, ...fields }, ...more },
  code: 'invalidSpec',
});
const manyContainers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...server, name: `server-${index}` }));
const named = (containerGroupName: unknown, resourceGroup: unknown = 'games') => ({
  path: 'ACIDelete',
  body: { resourceGroup, containerGroupName },
});
const report = (fields: object) => ({
  path: 'ACISetSessions',
  body: { ...idOf('game-1'), ...fields },
  field: 'activeSessions',
});

const bodies: BadRequest[] = ['ACICreate', 'ACIDelete', 'ACISetSessions', 'ACISetState', 'ACIDetails'].flatMap(
  (path) => [
    { says: `${path} without a body`, path, method: 'POST', code: 'bodyMissing' },
    { says: `${path} of no JSON`, path, body: '{"resourceGroup":', code: 'bodyNotJson' },
    { says: `${path} of 5 MiB`, path, body: `"${'x'.repeat(5 * 1024 * 1024)}"`, status: 413, code: 'bodyTooLarge' },
    { says: `${path} of a number`, path, body: 42, field: 'body' },
    { says: `${path} of null`, path, body: 'null', field: 'body' },
  ],
);

const types: BadRequest[] = [
  { says: 'a name that is a number', ...named(7), field: 'containerGroupName', expected: 'a string' },
  { says: 'a resource group that is a list', ...named('game-1', ['games']), field: 'resourceGroup' },
  { says: 'a name that is missing', ...named(undefined), field: 'containerGroupName', expected: 'a string' },
  {
    says: 'a misspelt field',
    path: 'ACIDelete',
    body: { ...idOf('game-1'), ifIdel: true },
    field: 'ifIdel',
    expected: 'no such field',
  },
  {
    says: 'a flag that is text',
    path: 'ACIDelete',
    body: { ...idOf('game-1'), ifIdle: 'yes' },
    field: 'ifIdle',
    expected: 'a boolean',
  },
  {
    says: 'a tail that is a word',
    path: 'ACIDetails',
    body: { ...idOf('game-1'), type: 'logs', tail: 'all' },
    field: 'tail',
  },
  {
    says: 'labels that are a list',
    ...create({}, { labels: ['eu'] }),
    code: 'invalidRequest',
    field: 'labels',
    expected: 'a record',
  },
  {
    says: 'a maximum of no sessions',
    ...create({}, { maxSessions: 0 }),
    code: 'invalidRequest',
    field: 'maxSessions',
    expected: 'at least 1',
  },
];

const states: BadRequest[] = ['Running', 'Creating', 'markedForDeletion', '', null, undefined].map((state) => ({
  says: `the state ${String(state)}`,
  path: 'ACISetState',
  body: { ...idOf('game-1'), state },
  field: 'state',
  expected: 'one of MarkedForDeletion, Failed',
}));

const counts: BadRequest[] = [
  { says: 'a negative count', ...report({ activeSessions: -1 }), expected: 'at least 0' },
  { says: 'half a session', ...report({ activeSessions: 1.5 }), expected: 'a whole number' },
  { says: 'a huge count', ...report({ activeSessions: 1_000_001 }), expected: 'at most 1000000' },
  { says: 'a count beyond all integers', ...report({ activeSessions: 1e300 }) },
  { says: 'a count that is missing', ...report({}), expected: 'a number' },
  { says: 'a count that is text', ...report({ activeSessions: '3' }), expected: 'a number' },
  { says: 'a count that is null', ...report({ activeSessions: null }), expected: 'a number' },
  { says: 'no reports', path: 'ACISetSessions', body: [], field: 'body', expected: 'at least 1 items' },
  {
    says: 'a sequence below nothing',
    ...report({ activeSessions: 1, sequence: -1 }),
    field: 'sequence',
    expected: 'at least 0',
  },
];

const names: BadRequest[] = [
  { says: 'an empty name', ...named(''), field: 'containerGroupName', expected: '1 to 63 characters' },
  { says: 'a name of 64', ...named('a'.repeat(64)), field: 'containerGroupName', expected: '1 to 63 characters' },
  {
    says: 'capitals',
    ...named('Game-1'),
    field: 'containerGroupName',
    expected: 'lower-case letters, digits and hyphens only',
  },
  {
    says: 'an underscore',
    ...named('game_1'),
    field: 'containerGroupName',
    expected: 'lower-case letters, digits and hyphens only',
  },
  {
    says: 'a leading hyphen',
    ...named('-game'),
    field: 'containerGroupName',
    expected: 'a name that neither begins nor ends with a hyphen',
  },
  {
    says: 'two hyphens',
    ...named('game--1'),
    field: 'containerGroupName',
    expected: 'a name without two hyphens in a row',
  },
  {
    says: 'a resource group of 91',
    ...named('game-1', 'g'.repeat(91)),
    field: 'resourceGroup',
    expected: '1 to 90 characters',
  },
  {
    says: 'a resource group with a slash',
    ...named('game-1', 'a/b'),
    field: 'resourceGroup',
    expected: 'letters, digits, and _ - . ( ) only',
  },
  {
    says: 'a resource group that ends with a dot',
    ...named('game-1', 'games.'),
    field: 'resourceGroup',
    expected: 'a name that does not end with a dot',
  },
  {
    says: 'a resource group outside of ASCII',
    ...named('game-1', 'spiëlen'),
    code: 'resourceGroupNotAscii',
    field: 'resourceGroup',
    expected: 'ASCII characters only',
  },
];

const specs: BadRequest[] = [
  {
    says: 'no containers',
    ...create({ containers: [] }),
    field: 'containerGroup.containers',
    expected: 'at least one container',
  },
  {
    says: 'containers that are missing',
    ...create({ containers: undefined }),
    code: 'invalidRequest',
    field: 'containerGroup.containers',
    expected: 'an array',
  },
  {
    says: 'a container without resources',
    ...create({ containers: [{ name: 'server', image: 'example/game:1' }] }),
    code: 'invalidRequest',
    field: 'containerGroup.containers[0].resources',
    expected: 'an object',
  },
  {
    says: '61 containers',
    ...create({ containers: manyContainers(61) }),
    field: 'containerGroup.containers',
    expected: 'at most 60 containers with init containers, not 61',
  },
  {
    says: 'two containers of one name',
    ...create({ containers: [server, server] }),
    field: 'containerGroup.containers[1].name',
    expected: 'a value that no other entry has',
  },
  {
    says: 'a port of 0',
    ...create({ containers: [{ ...server, ports: [{ port: 0 }] }] }),
    field: 'containerGroup.containers[0].ports[0].port',
    expected: 'a port from 1 to 65535',
  },
  {
    says: 'a port of 65536',
    ...create({ ipAddress: { type: 'Public', ports: [{ port: 65_536 }] } }),
    field: 'containerGroup.ipAddress.ports[0].port',
    expected: 'a port from 1 to 65535',
  },
  {
    says: 'an unknown osType',
    ...create({ osType: 'Haiku' }),
    code: 'invalidRequest',
    field: 'containerGroup.osType',
    expected: 'one of Linux, Windows',
  },
];

const queries: BadRequest[] = [
  ...['abc', '0', '61', '1.5', ''].map((wait) => ({
    ...create({}),
    says: `wait=${wait}`,
    path: `ACICreate?wait=${wait}`,
    code: 'invalidRequest',
    field: 'wait',
  })),
  { says: 'an unknown state of a list', path: 'ACIList?state=Sleeping', field: 'state' },
  { says: 'a page of nothing', path: 'ACIList?limit=0', field: 'limit', expected: 'at least 1' },
  { says: 'a page of too much', path: 'ACIList?limit=1001', field: 'limit', expected: 'at most 1000' },
  {
    says: 'a misspelt query',
    path: 'ACIList?Fleet=eu',
    field: 'Fleet',
    expected: 'no such field',
  },
];

const unknownGroups: BadRequest[] = [
  { says: 'the state of', path: 'ACISetState', body: { ...idOf('nobody'), state: 'Failed' } },
  { says: 'the details of', path: 'ACIDetails?resourceGroup=games&containerGroupName=nobody' },
  {
    says: 'the logs of',
    path: 'ACIDetails?resourceGroup=games&containerGroupName=nobody&type=logs&containerName=server',
  },
].map((each) => ({ ...each, says: `${each.says} an unknown group`, status: 404, code: 'unknownGroup' }));

/** Every request of the table, each of which would do something to `game-1` or create `game-2` if it were good. */
export const badRequests = [
  ...bodies,
  ...types,
  ...states,
  ...counts,
  ...names,
  ...specs,
  ...queries,
  ...unknownGroups,
];
