import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { containerGroupEntity } from '../../../../src/contracts/container-group.ts';
import type { GroupState } from '../../../../src/domain/group/container-group.ts';
import { aciList } from '../../../../src/triggers/http/aci-list.ts';
import { Problem } from '../../../../src/triggers/http/problem.ts';
import { sortStates } from '../../../../src/durable/stored-state.ts';
import { createFakeDurableClient, type FakeDurableClient } from '../../durable/fake-durable-client.ts';
import { failed, marked, running } from '../../domain/group/group-fixture.ts';
import { requestWith } from './request.ts';

const { handle } = aciList({ publicList: false });

/** A row of the backend: a group with its state and fleet, or what a deleted one left. */
type Row = { name: string; state: GroupState; fleet: string } | 'dead';

/** A client of Azure's backend: opaque tokens, pages that count dead rows, and every other page cut short. */
function unkindClient(rows: Row[]): FakeDurableClient & { queries: number } {
  const client = createFakeDurableClient();
  return Object.assign(client, {
    queries: 0,
    async query(this: { queries: number }, _entity: unknown, page: { limit: number; continuationToken?: string }) {
      this.queries += 1;
      const from = page.continuationToken === undefined ? 0 : startOf(page.continuationToken);
      const length = this.queries % 2 === 0 ? Math.floor(page.limit / 3) : page.limit;
      const found = rows.slice(from, from + length).flatMap((row) => (row === 'dead' ? [] : [storedAs(row)]));
      const isLast = from + length >= rows.length;
      return {
        ...sortStates(containerGroupEntity, found),
        ...(isLast ? {} : { continuationToken: tokenAt(from + length) }),
      };
    },
  });
}

/** As Azure.Data.Tables joins a partition key and an empty row key. */
function tokenAt(row: number): string {
  return `1!8!${Buffer.from(String(row)).toString('base64').replaceAll('=', '-')} `;
}

function startOf(token: string): number {
  expect(token).toMatch(/^1!8!.+ $/);
  return Number(Buffer.from(token.slice(4, -1).replaceAll('-', '='), 'base64').toString());
}

function storedAs({ name, state, fleet }: Exclude<Row, 'dead'>): { key: string; state: unknown } {
  const group = { Creating: running, Running: running, MarkedForDeletion: marked, Failed: failed }[state];
  return { key: `games:${name}`, state: { ...group, containerGroupName: name, labels: { fleet } } };
}

function groups(count: number, state: GroupState, fleet: string): Row[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${fleet}-${String(index).padStart(4, '0')}`,
    state,
    fleet,
  }));
}

const shown = z.array(z.object({ containerGroupName: z.string() }));

interface Page {
  names: string[];
  token: string | undefined;
}

async function ask(client: FakeDurableClient, query: Record<string, string>): Promise<Page> {
  const answer = await handle({ ...requestWith(client, undefined), method: 'GET', query });
  return {
    names: shown.parse(answer.jsonBody).map(({ containerGroupName }) => containerGroupName),
    token: new Headers(answer.headers).get('x-continuation-token') ?? undefined,
  };
}

/** All pages, by their tokens. */
async function askAll(client: FakeDurableClient, query: Record<string, string>): Promise<Page[]> {
  const pages: Page[] = [];
  for (let token: string | undefined; pages.length === 0 || token !== undefined;) {
    const page = await ask(client, { ...query, ...(token === undefined ? {} : { continuationToken: token }) });
    pages.push(page);
    ({ token } = page);
  }
  return pages;
}

describe('the pages of ACIList', () => {
  test.each([{ limit: '1000' }, { limit: '100' }, { limit: '33' }, { limit: '7' }])(
    'hold every group once, in pages of at most $limit, whatever the backend calls its pages',
    async ({ limit }) => {
      const rows = [...groups(150, 'Running', 'a'), ...groups(80, 'Failed', 'b'), ...groups(150, 'Running', 'c')];
      const pages = await askAll(unkindClient(rows), { limit });
      expect(pages.flatMap(({ names }) => names)).toEqual(
        rows.flatMap((row) => (row !== 'dead' && row.state === 'Running' ? [row.name] : [])),
      );
      expect(Math.max(...pages.map(({ names }) => names.length))).toBeLessThanOrEqual(Number(limit));
    },
  );

  test('cost a bounded number of queries, however few of the groups are asked for', async () => {
    const client = unkindClient(groups(5_000, 'Running', 'a'));
    const { names, token } = await ask(client, { limit: '1', fleet: 'nobody' });
    expect(client.queries).toBeLessThanOrEqual(10);
    expect(names).toEqual([]);
    expect(token).toBeDefined();
  });

  test('cost a bounded number of queries, and end, where the backend has mostly dead rows', async () => {
    const dead = (count: number): Row[] => Array.from({ length: count }, () => 'dead');
    const client = unkindClient([...dead(1_700), ...groups(4, 'Running', 'a'), ...dead(50)]);
    const pages = await askAll(client, { limit: '1' });
    expect(pages.flatMap(({ names }) => names)).toEqual(['a-0000', 'a-0001', 'a-0002', 'a-0003']);
    expect(client.queries).toBeLessThan(60);
  });

  test('find the few of a filter among many others, and end', async () => {
    const client = unkindClient([...groups(900, 'Running', 'a'), ...groups(3, 'Running', 'b')]);
    const pages = await askAll(client, { limit: '2', fleet: 'b' });
    expect(pages.flatMap(({ names }) => names)).toEqual(['b-0000', 'b-0001', 'b-0002']);
  });

  test('lose none of the others and double none when groups go and come between two of them', async () => {
    const rows = groups(90, 'Running', 'a');
    const client = unkindClient(rows);
    const first = await ask(client, { limit: '40' });
    rows.splice(39, 2);
    rows.splice(10, 0, ...groups(30, 'Running', 'a-0009x'));
    const rest = await askAll(client, { limit: '40', continuationToken: first.token ?? '' });
    expect(rest.flatMap(({ names }) => names)).toEqual(
      groups(90, 'Running', 'a')
        .slice(41)
        .map((row) => (row === 'dead' ? '' : row.name)),
    );
  });

  test('show groups of every state with state=all, and the running ones without a state', async () => {
    const client = unkindClient([...groups(1, 'Running', 'a'), ...groups(1, 'Failed', 'b')]);
    expect((await ask(client, { state: 'all' })).names).toEqual(['a-0000', 'b-0000']);
    expect((await ask(client, {})).names).toEqual(['a-0000']);
  });
});

describe('a continuation token', () => {
  const client = unkindClient(groups(300, 'Running', 'a'));

  test('is plain letters, digits, - and _, whatever the backend calls its own', async () => {
    const pages = await askAll(client, { limit: '100' });
    expect(pages.slice(0, -1).every(({ token = '' }) => /^[\w-]+$/.test(token))).toBe(true);
  });

  test.each([
    { field: 'state', query: { state: 'Failed', fleet: 'a', location: 'WestEurope' } },
    { field: 'fleet', query: { fleet: 'b', location: 'westeurope' } },
    { field: 'location', query: { fleet: 'a' } },
  ])('is refused with another $field than it was given for', async ({ field, query }) => {
    const { token = '' } = await ask(client, { limit: '10', fleet: 'a', location: 'WestEurope' });
    const refused = await problemOf({ limit: '10', ...query, continuationToken: token });
    expect(refused.failure.code).toBe('invalidRequest');
    expect(refused.extensions).toMatchObject({ field });
  });

  test('is good with another limit, and with its location in other letters', async () => {
    const { token = '' } = await ask(client, { limit: '10', location: 'WestEurope' });
    const next = await ask(client, { limit: '2', location: 'westeurope', continuationToken: token });
    expect(next.names).toEqual(['a-0010', 'a-0011']);
  });

  test.each([
    { about: 'one that nobody gave', token: 'QGNv' },
    { about: 'a page that no header can hold', token: wrapped({ version: 1, state: 'Running', page: 'a\nb' }) },
    { about: 'another version', token: wrapped({ version: 2, state: 'Running' }) },
  ])('is refused when it is $about', async ({ token }) => {
    const refused = await problemOf({ continuationToken: token });
    expect(refused.extensions).toMatchObject({ field: 'continuationToken' });
  });

  async function problemOf(query: Record<string, string>): Promise<Problem> {
    const outcome: unknown = await ask(client, query).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Problem);
    return outcome instanceof Problem ? outcome : new Problem({ code: 'internal', message: 'It was taken.' });
  }
});

function wrapped(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}
