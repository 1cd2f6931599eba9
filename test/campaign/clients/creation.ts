import type { Chance } from '../chance.ts';
import type { PlannedName } from '../plan/plan.ts';

/** What every secret of a campaign begins with, so that one search finds all of them. */
export const SECRET_MARK = 'cAmPaIgN-sEcReT-';

/** Draws the body of an ACICreate: a small game server with secrets in every place for them, and some of the wishes that there are. */
export function drawCreation(chance: Chance, { resourceGroup, name, location }: PlannedName, seed: number): unknown {
  const secret = (): string => `${SECRET_MARK}${seed}-${chance.whole(0, 2 ** 40).toString(36)}`;
  const hasRegistry = chance.happens(0.2);
  return {
    resourceGroup,
    containerGroupName: name,
    containerGroup: {
      location,
      osType: 'Linux',
      restartPolicy: chance.pick(['Always', 'OnFailure', 'Never']) ?? 'Always',
      containers: [
        {
          name: 'server',
          image: hasRegistry ? 'games.azurecr.io/arena:3' : 'example/arena:3',
          ports: [{ port: 7777, protocol: 'UDP' }],
          resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
          environmentVariables: [
            { name: 'MODE', value: 'ranked' },
            { name: 'LICENSE', secureValue: secret() },
          ],
        },
      ],
      ipAddress: { type: 'Public', ports: [{ port: 7777, protocol: 'UDP' }] },
      ...(hasRegistry && {
        imageRegistryCredentials: [{ server: 'games.azurecr.io', username: 'pull', password: secret() }],
      }),
    },
    ...(chance.happens(0.5) && { maxSessions: chance.whole(4, 64) }),
    ...(chance.happens(0.5) && { labels: { fleet: chance.pick(['eu', 'us']) ?? 'eu' } }),
    ...(chance.happens(0.2) && { health: { heartbeatSeconds: 1_200, failureThreshold: 2 } }),
    ...(chance.happens(0.1) && { readiness: 'report' }),
    ...(chance.happens(0.1) && { maxLifetimeSeconds: chance.whole(1_800, 7_200) }),
    ...(chance.happens(0.15) && { idleSeconds: chance.whole(600, 3_600) }),
  };
}
