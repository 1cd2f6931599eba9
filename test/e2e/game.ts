import { createBody as createGameBody } from '../integration/stack/game.ts';
import type { HttpCalls } from './http-calls.ts';
import { until } from './process-tree.ts';

/** The body of an ACICreate for a small game server. */
export function createBody(containerGroupName: string) {
  return { ...createGameBody(containerGroupName), ...idOf(containerGroupName) };
}

export function idOf(containerGroupName: string) {
  return { resourceGroup: 'games', containerGroupName };
}

/** The group's state, or `gone`. */
export async function stateOf(stack: HttpCalls, name: string): Promise<string> {
  const { status, body } = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}&type=timeline`);
  return status === 404 ? 'gone' : body.state;
}

export async function untilState(stack: HttpCalls, name: string, state: string): Promise<void> {
  await until(async () => ((await stateOf(stack, name)) === state ? true : undefined));
}

/** An accepted report is stored; on the real host the entity has it some queue polls later. */
export async function untilSessions(stack: HttpCalls, name: string, activeSessions: number): Promise<void> {
  await until(async () => {
    const { body } = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}&type=timeline`);
    return body.activeSessions === activeSessions || undefined;
  });
}
