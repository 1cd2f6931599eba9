import type { StartOptions } from '../options/start-options.ts';

/** Says what listens where and what to try; the line that programs wait for comes last. */
export function welcome(facts: {
  origin: string;
  armEndpoint: string;
  envFile: string;
  dataDirectory: string;
  options: StartOptions;
}): string {
  const { origin, armEndpoint, envFile, dataDirectory, options } = facts;
  const key = options.auth === 'on' ? ` -H "x-functions-key: $KEY"` : '';
  const where = [
    ['Functions host', origin],
    ['ARM emulator', armEndpoint],
    ['its clients', envFile],
    ['profile', `${options.profile}, faults ${options.faults}, seed ${options.seed}`],
    ['data', dataDirectory],
  ];
  return [
    '',
    ...where.map(([name = '', value]) => `  ${name.padEnd(16)}${value}`),
    ...(options.auth === 'on'
      ? [`  ${'keys'.padEnd(16)}${dataDirectory}/keys.json; KEY below is a function key there, such as matchmaker`]
      : []),
    '',
    'Try:',
    `  curl -X POST ${origin}/api/ACICreate${key} -H "content-type: application/json" -d '${JSON.stringify(EXAMPLE)}'`,
    `  curl ${origin}/api/ACIList${key}`,
    `  curl -X POST ${origin}/api/ACISetSessions${key} -H "content-type: application/json" -d '${JSON.stringify(SESSIONS)}'`,
    '',
    `ready ${origin}`,
    '',
  ].join('\n');
}

const NAMES = { resourceGroup: 'games', containerGroupName: 'game-1' };

const EXAMPLE = {
  ...NAMES,
  containerGroup: {
    location: 'westeurope',
    osType: 'Linux',
    containers: [
      {
        name: 'server',
        image: 'example.azurecr.io/game:1',
        resources: { requests: { cpu: 1, memoryInGB: 1 } },
        ports: [{ port: 25565, protocol: 'TCP' }],
      },
    ],
    ipAddress: { type: 'Public', ports: [{ port: 25565, protocol: 'TCP' }] },
  },
};

const SESSIONS = [{ ...NAMES, activeSessions: 3 }];
