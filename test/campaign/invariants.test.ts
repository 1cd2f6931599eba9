import { describe, expect, test } from 'vitest';
import type { CommandFact, Fact, ListedGroup, OpenOrchestration } from './facts.ts';
import { createJournal } from './journal.ts';
import { makePlan } from './plan/plan.ts';
import type { GameServer } from './world/game-servers.ts';
import type { Resource } from './world/resources.ts';

const START_MS = Date.UTC(2026, 10, 24, 10);
const MINUTE_MS = 60_000;
const KEY = 'arena/game-1';

const plan = { ...makePlan(1), sessionsStaleAfterMs: 45 * MINUTE_MS };
const quietFromMs = START_MS + plan.totalMs - plan.quietMs;

const resource: Resource = {
  sequence: 1,
  key: KEY,
  resourceGroup: 'Arena',
  name: 'game-1',
  location: 'westeurope',
  tags: { 'aci-owner': plan.owner, 'aci-incarnation': 'one' },
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  ip: '127.0.0.1',
  properties: {
    containers: [{ properties: { image: 'example/arena:3' } }],
    ipAddress: { ports: [{ port: 7777, protocol: 'UDP' }] },
  },
  instances: [{ restartCount: 0, currentState: { state: 'Running', startMs: START_MS } }],
  isBySomebodyElse: false,
};

const group: ListedGroup = {
  resourceGroup: 'Arena',
  containerGroupName: 'game-1',
  state: 'Running',
  activeSessions: 0,
  publicIP: '127.0.0.1',
  ports: [{ port: 7777, protocol: 'UDP' }],
  createdAt: new Date(START_MS).toISOString(),
  stateSince: new Date(START_MS + 36_000).toISOString(),
};

const server: GameServer = {
  key: KEY,
  sequence: 1,
  kind: 'steady',
  players: 2,
  isAlive: true,
  isCountKnown: true,
  heardAtMs: START_MS + 10 * MINUTE_MS,
  intervalMs: 8 * MINUTE_MS,
};

const present = (atMs = START_MS, ...all: Resource[]): Fact => ({
  fact: 'resources',
  atMs,
  resources: new Map(all.map((each) => [each.key, each])),
});

const arm = (method: string, atMs: number, of: Resource = resource): Fact => ({
  fact: 'arm',
  atMs,
  method,
  group: of.key,
  resource: of,
});

const command = (name: string, more: Partial<CommandFact> = {}): CommandFact => ({
  fact: 'command',
  atMs: START_MS,
  sentAtMs: START_MS,
  by: 'matchmaker',
  command: name,
  group: KEY,
  body: {},
  status: 202,
  answer: {},
  ...more,
});

const report = (count: number, atMs: number, status = 'accepted'): Fact => ({
  fact: 'report',
  atMs,
  sentAtMs: atMs,
  by: 'server',
  group: KEY,
  count,
  status,
});

const look = (atMs: number, groups: ListedGroup[], resources: Resource[], open: OpenOrchestration[] = []): Fact => ({
  fact: 'look',
  atMs,
  groups: new Map(groups.map((each) => [KEY, each])),
  resources: new Map(resources.map((each) => [each.key, each])),
  open,
});

function broken(facts: readonly Fact[], of?: GameServer): string[] {
  const journal = createJournal({ plan, servers: { of: () => of }, startMs: START_MS, quietFromMs });
  for (const fact of facts) journal.keep(fact);
  journal.finish(START_MS + plan.totalMs);
  return [...new Set(journal.violations.map(({ invariant }) => invariant))];
}

/** So long into the quiet time that everything has come to rest. */
const LATE_MS = quietFromMs + 80 * MINUTE_MS;
const soon = START_MS + 20 * MINUTE_MS;
const operation = command('GET ACIOperation', { status: 200, answer: { outcome: { ok: true } } });

describe('the judges', () => {
  test('find nothing in a life without a fault', () => {
    const facts = [
      command('ACICreate'),
      present(START_MS + MINUTE_MS, resource),
      look(START_MS + 2 * MINUTE_MS, [group], [resource]),
      report(2, START_MS + 10 * MINUTE_MS),
      look(START_MS + 15 * MINUTE_MS, [{ ...group, activeSessions: 2 }], [resource]),
      look(LATE_MS, [{ ...group, activeSessions: 2 }], [resource]),
      operation,
    ];
    expect(broken(facts, server)).toEqual([]);
  });

  test('find a group that is deleted with players whose server reports, unless ACIDelete was told to', () => {
    const deleted = [present(START_MS, resource), arm('DELETE', soon)];
    expect(broken(deleted, server)).toEqual(['live sessions']);
    expect(broken(deleted, { ...server, players: 0 })).toEqual([]);
    expect(
      broken(
        [
          present(START_MS, resource),
          command('ACIDelete', { status: 409, answer: { code: 'deletionUnderWay' } }),
          arm('DELETE', soon),
        ],
        server,
      ),
    ).toEqual([]);
    const ifIdle = command('ACIDelete', { status: 409, answer: { code: 'sessionsActive' }, body: { ifIdle: true } });
    expect(broken([present(START_MS, resource), ifIdle, arm('DELETE', soon)], server)).toEqual(['live sessions']);
  });

  test.each([
    ['a report of sessions within the time that protects', [report(2, START_MS + 1)], soon, ['protection']],
    ['the same, longer ago', [report(2, START_MS + 1)], START_MS + 50 * MINUTE_MS, []],
    ['a later report of none', [report(2, START_MS + 1), report(0, START_MS + 2)], soon, []],
    ['a later one that may have been lost', [report(2, START_MS + 1), report(0, START_MS + 2, '0')], soon, []],
    [
      'a later one that was refused',
      [report(2, START_MS + 1), report(3, START_MS + 2, 'refused')],
      soon,
      ['protection'],
    ],
  ])('judge the deletion of a silent group by %s', (_, reports, atMs, expected) => {
    expect(broken([present(START_MS, resource), ...reports, arm('DELETE', atMs)])).toEqual(expected);
  });

  test('find an orphan and a ghost once they are older than what it takes to settle them', () => {
    const orphan = (atMs: number): Fact => look(atMs, [], [resource]);
    expect(broken([orphan(quietFromMs), orphan(quietFromMs + 20 * MINUTE_MS)])).toEqual([]);
    expect(broken([orphan(quietFromMs), orphan(quietFromMs + 30 * MINUTE_MS)])).toEqual(['orphans and ghosts']);
    const ghost = (atMs: number): Fact => look(atMs, [{ ...group, state: 'Failed', activeSessions: 1 }], []);
    expect(broken([ghost(quietFromMs), ghost(quietFromMs + 40 * MINUTE_MS)])).toEqual(['orphans and ghosts']);
  });

  test('find that a stranger is changed, or shown as ours', () => {
    const stranger = { ...resource, isBySomebodyElse: true };
    expect(broken([present(START_MS, stranger), arm('PATCH', soon, stranger)])).toEqual(['strangers']);
    expect(broken([present(START_MS, stranger), arm('GET', soon, stranger)])).toEqual([]);
    expect(broken([present(START_MS, stranger), look(soon, [group], [stranger])])).toEqual(['strangers']);
  });

  test.each([
    ['another address', { publicIP: '127.0.0.9' }, {}, ['fits Azure']],
    ['other ports', { ports: [{ port: 1, protocol: 'TCP' }] }, {}, ['fits Azure']],
    ['a creation that failed in Azure', {}, { provisioningState: 'Failed' }, ['fits Azure']],
    ['no tags of ours', {}, { tags: {} }, ['fits Azure']],
    ['the same', {}, {}, []],
  ])('compare in the end what is shown with what is there: %s', (_, shown, there, expected) => {
    expect(broken([look(LATE_MS, [{ ...group, ...shown }], [{ ...resource, ...there }])])).toEqual(expected);
  });

  test('find what waits without an end', () => {
    const marked = { ...group, state: 'MarkedForDeletion' };
    const facts = [look(quietFromMs, [marked], [resource]), look(quietFromMs + 30 * MINUTE_MS, [marked], [resource])];
    expect(broken(facts)).toEqual(['endless waits']);
    expect(broken(facts.slice(0, 1))).toEqual([]);
    const open = { id: 'delete:arena:game-1', status: 'Running', createdAtMs: START_MS };
    expect(broken([look(START_MS + 46 * MINUTE_MS, [], [], [open])])).toEqual(['endless waits']);
  });

  test('find a group that is Running late while nothing is wrong', () => {
    const late = { ...group, stateSince: new Date(START_MS + 48_000).toISOString() };
    const calm = makePlan(1);
    expect(calm.faults.incidents.every((each) => each.fromSeconds > 60 || each.kind === 'ipChanges')).toBe(true);
    expect(broken([command('ACICreate'), look(soon, [late], [resource]), operation])).toEqual(['promptness']);
  });

  test('find what was acknowledged and not done', () => {
    const marked = command('ACISetState', { status: 200, answer: group, body: { state: 'MarkedForDeletion' } });
    expect(broken([marked, look(soon, [group], [resource])])).toEqual(['commands']);
    expect(broken([report(3, quietFromMs), look(quietFromMs + 10 * MINUTE_MS, [group], [resource])])).toEqual([
      'commands',
    ]);
    expect(broken([command('ACICreate')])).toEqual(['commands']);
    expect(broken([command('ACICreate'), operation])).toEqual([]);
    expect(broken([command('ACIList', { status: 500, answer: { code: 'internal' } })])).toEqual(['commands']);
    expect(broken([command('ACIList', { status: 0 })])).toEqual(['commands']);
    expect(broken([look(soon, [{ ...group, sessionsUnknown: true }], [resource])])).toEqual(['commands']);
    const deleted = [command('ACIDelete', { sentAtMs: soon }), look(LATE_MS, [group], [resource])];
    expect(broken(deleted)).toEqual(['commands']);
  });

  test('find a list that leaves a group out', () => {
    const shown = (atMs: number, ...groups: ListedGroup[]): Fact => look(atMs, groups, [resource]);
    expect(broken([shown(soon, group), shown(soon + 1), shown(soon + 2, group)])).toEqual(['whole lists']);
    const later = { ...group, createdAt: new Date(soon).toISOString(), state: 'Creating' };
    expect(broken([shown(soon, group), shown(soon + 1), shown(soon + 2, later)])).not.toContain('whole lists');
  });

  test('find a secret, a long history, and too many requests', () => {
    expect(broken([{ fact: 'leak', atMs: soon, secret: 'a token', place: 'the log' }])).toEqual(['secrets']);
    const store = {
      fact: 'store',
      atMs: soon,
      entities: new Map<string, number>(),
      queues: new Map<string, number>(),
    } as const;
    const histories = (rows: number) => new Map([['collect-garbage', { rows, bytes: 10 }]]);
    expect(broken([{ ...store, histories: histories(1_001) }])).toEqual(['bounded histories']);
    expect(broken([{ ...store, histories: histories(1_000) }])).toEqual([]);
    const reads = (count: number): Fact[] => Array.from({ length: count }, () => arm('GET', soon));
    expect(broken(reads(251))).toEqual(["ARM's budget"]);
    expect(broken(reads(250))).toEqual([]);
  });
});
