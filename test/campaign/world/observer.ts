import { z } from 'zod';
import type { Caller } from '../clients/caller.ts';
import type { LookFact, ListedGroup, OpenOrchestration } from '../facts.ts';
import { keyOf } from '../group-key.ts';
import type { Resources } from './resources.ts';

const listedSchema = z.object({
  resourceGroup: z.string(),
  containerGroupName: z.string(),
  state: z.string(),
  activeSessions: z.number(),
  sessionsUnknown: z.literal(true).optional(),
  publicIP: z.string().optional(),
  ports: z.array(z.object({ port: z.number(), protocol: z.string() })),
  createdAt: z.string(),
  stateSince: z.string(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  deletion: z.object({ requestedAt: z.string() }).optional(),
});
const instanceSchema = z.object({ instanceId: z.string(), runtimeStatus: z.string(), createdTime: z.string() });

/** Looks at everything from outside; undefined while the app answers nobody. */
export async function look(caller: Caller, resources: Resources, nowMs: () => number): Promise<LookFact | undefined> {
  // What is seen of groups is how they were when the look began, or later.
  const atMs = nowMs();
  const groups = await listGroups(caller);
  const present = resources.all();
  const open = await listOpen(caller);
  return groups && open && { fact: 'look', atMs, groups, resources: present, open };
}

async function listGroups(caller: Caller): Promise<Map<string, ListedGroup> | undefined> {
  const rows = await readPages(caller, {
    path: (token) =>
      `/api/ACIList?${new URLSearchParams({ state: 'all', limit: '25', ...(token === '' ? {} : { continuationToken: token }) }).toString()}`,
    headers: () => ({}),
    next: 'x-continuation-token',
  });
  const groups = rows?.map((row) => listedSchema.parse(row));
  return groups && new Map(groups.map((each) => [keyOf(each.resourceGroup, each.containerGroupName), each]));
}

async function listOpen(caller: Caller): Promise<OpenOrchestration[] | undefined> {
  const rows = await readPages(caller, {
    path: () =>
      '/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending,Suspended&top=1000&showInput=false',
    headers: (token) => (token === '' ? {} : { 'x-ms-continuation-token': token }),
    next: 'x-ms-continuation-token',
  });
  return rows
    ?.map((row) => instanceSchema.parse(row))
    .map(({ instanceId, runtimeStatus, createdTime }) => ({
      id: instanceId,
      status: runtimeStatus,
      createdAtMs: Date.parse(createdTime),
    }));
}

interface Pages {
  path: (token: string) => string;
  headers: (token: string) => Record<string, string>;
  next: string;
}

async function readPages(caller: Caller, { path, headers, next }: Pages): Promise<unknown[] | undefined> {
  const rows: unknown[] = [];
  for (let token: string | null = ''; token !== null;) {
    const page: Awaited<ReturnType<Caller['call']>> = await caller.call(path(token), { headers: headers(token) });
    if (page.status !== 200) return undefined;
    rows.push(...z.array(z.unknown()).parse(page.body));
    token = page.headers.get(next);
  }
  return rows;
}
