import { until } from './process-tree.ts';
import type { StartedStack } from './started-stack.ts';

/** The body of an ACICreate for a small game server. */
export function createBody(containerGroupName: string, image = 'example.azurecr.io/game:1') {
  return {
    resourceGroup: 'games',
    containerGroupName,
    containerGroup: {
      location: 'westeurope',
      osType: 'Linux',
      containers: [
        {
          name: 'server',
          image,
          ports: [{ port: 7777, protocol: 'UDP' }],
          resources: { requests: { cpu: 1, memoryInGB: 1 } },
        },
      ],
      ipAddress: { type: 'Public', ports: [{ port: 7777, protocol: 'UDP' }] },
    },
  };
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
