import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTokenMint } from '../../../src/security/container-token.ts';
import type { Stack } from './stack.ts';

/** The keys that the local host made for the app. */
export interface Keys {
  masterKey: string;
  functionKeys: { default: string };
  systemKeys: { durabletask_extension: string; eventgrid_extension: string };
  /** By function in lower case, then by the key's name. */
  functions: Record<string, Record<string, string>>;
}

export function readKeys(stack: Stack): Keys {
  return JSON.parse(readFileSync(join(stack.hostDirectory, 'keys.json'), 'utf8'));
}

/** The stack's sealing key. */
const mint = createTokenMint([{ id: 'test', key: Buffer.alloc(32) }]);

/** The token that a group's containers have, told from its entity, as only a holder of the sealing key can. */
export async function tokenOf(stack: Pick<Stack, 'get'>, name: string, systemKey = ''): Promise<string> {
  const key = `games:${name}`;
  const entity = await stack.get(`/runtime/webhooks/durabletask/entities/containergroup/${key}?code=${systemKey}`);
  return mint.mint({ groupKey: key, incarnation: entity.body.incarnation, generation: entity.body.token.generation })
    .token;
}

/** The token that a group's containers were given, told by what their resource says. */
export function mintToken(name: string, incarnation: string, generation = 1): string {
  return mint.mint({ groupKey: `games:${name}`, incarnation, generation }).token;
}

/** The header in which App Service hands on who signed in. */
export function signedIn(roles: readonly string[], provider = 'aad'): Record<string, string> {
  const objectId = {
    typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
    val: '00000000-0000-0000-0000-00000000000a',
  };
  const claims = [objectId, ...roles.map((val) => ({ typ: 'roles', val }))];
  const principal = JSON.stringify({ auth_typ: provider, role_typ: 'roles', claims });
  return { 'x-ms-client-principal': Buffer.from(principal).toString('base64') };
}

/** Every HTTP function of the app with its methods, and a request that whoever may call it gets this status for. */
export const routes = [
  { name: 'ACICreate', method: 'POST', path: 'ACICreate', body: {}, status: 400 },
  { name: 'ACIDelete', method: 'POST', path: 'ACIDelete', body: {}, status: 400 },
  { name: 'ACIDelete', method: 'DELETE', path: 'ACIDelete', body: {}, status: 400 },
  { name: 'ACIDetails', method: 'GET', path: 'ACIDetails?resourceGroup=games&containerGroupName=game-1', status: 200 },
  { name: 'ACIDetails', method: 'POST', path: 'ACIDetails', body: {}, status: 400 },
  { name: 'ACIList', method: 'GET', path: 'ACIList', status: 200 },
  { name: 'ACISetSessions', method: 'POST', path: 'ACISetSessions', body: [], status: 400 },
  { name: 'ACISetState', method: 'POST', path: 'ACISetState', body: {}, status: 400 },
  { name: 'ACIGC', method: 'POST', path: 'ACIGC', status: 200 },
  { name: 'ACIGCReport', method: 'GET', path: 'ACIGC', status: 200 },
  { name: 'ACIOperation', method: 'GET', path: 'ACIOperation?id=provision:games:game-1', status: 200 },
  { name: 'ACIAllocate', method: 'POST', path: 'ACIAllocate', body: {}, status: 400 },
  { name: 'ACIAllocate', method: 'GET', path: 'ACIAllocate', status: 400 },
  { name: 'ACILease', method: 'POST', path: 'ACILease', body: {}, status: 400 },
  { name: 'ACIReport', method: 'POST', path: 'ACIReport/games/game-1', body: { activeSessions: 0 }, status: 200 },
  { name: 'ACIReportState', method: 'GET', path: 'ACIReport/games/game-1', status: 200 },
  { name: 'health', method: 'GET', path: 'health', status: 200 },
] as const satisfies readonly { name: string; method: string; path: string; body?: unknown; status: number }[];
