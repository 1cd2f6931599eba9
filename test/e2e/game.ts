import { createBody as createGameBody } from '../integration/stack/game.ts';
import { until } from './process-tree.ts';
import type { StartedStack } from './started-stack.ts';

/** The body of an ACICreate for a small game server. */
export function createBody(containerGroupName: string) {
  return { ...createGameBody(containerGroupName), ...idOf(containerGroupName) };
}

export function idOf(containerGroupName: string) {
  return { resourceGroup: 'games', containerGroupName };
}

/** The group's state, or `gone`. */
export async function stateOf(stack: StartedStack, name: string): Promise<string> {
  const { status, body } = await stack.api(`ACIDetails?resourceGroup=games&containerGroupName=${name}&type=timeline`);
  return status === 404 ? 'gone' : body.state;
}

export async function untilState(stack: StartedStack, name: string, state: string): Promise<void> {
  await until(async () => ((await stateOf(stack, name)) === state ? true : undefined));
}
