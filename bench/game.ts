/** The names of the group with this number. */
export function idOf(number: number): { resourceGroup: string; containerGroupName: string } {
  return { resourceGroup: 'games', containerGroupName: `game-${number}` };
}

/** The body of the ACICreate of a small game server, with what its creator wishes beside. */
export function createBody(number: number, wishes: object = {}): object {
  const ports = [{ port: 7777, protocol: 'UDP' }];
  return {
    ...idOf(number),
    ...wishes,
    containerGroup: {
      location: 'westeurope',
      osType: 'Linux',
      containers: [
        {
          name: 'server',
          image: 'example.azurecr.io/game:1',
          ports,
          resources: { requests: { cpu: 1, memoryInGB: 1 } },
        },
      ],
      ipAddress: { type: 'Public', ports },
    },
  };
}
