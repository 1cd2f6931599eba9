import { expect, test } from 'vitest';
import { programEnvironment } from '../../../../../local/arm/containers/program-environment.ts';

const MACHINE = { PATH: '/bin', HOME: '/home/me', ACI_SEALING_KEYS: 'secret', IDENTITY_HEADER: 'secret' };

test('a program has what its container is given, where it listens, and of the machine what it needs to run', () => {
  const ports = [{ protocol: 'UDP', port: 9000, mapped: 20_123 } as const];
  const given = { ACI_SET_SESSIONS_URL: 'http://127.0.0.1:7071/api/ACIReport/games/game-1?sig=token', LANG: 'C' };
  expect(programEnvironment(given, ports, { ...MACHINE, LANG: 'de_DE' })).toEqual({
    variables: { PATH: '/bin', HOME: '/home/me', ...given, LOCAL_ADDRESS: '127.0.0.1', LOCAL_PORT_UDP_9000: '20123' },
    withheld: [],
  });
});

test('where it listens is not the container’s to say', () => {
  const { variables } = programEnvironment({ LOCAL_ADDRESS: '0.0.0.0' }, [], MACHINE);
  expect(variables['LOCAL_ADDRESS']).toBe('127.0.0.1');
});

test.each(['NODE_OPTIONS', 'node_options', 'NODE_PATH', 'LD_PRELOAD', 'DYLD_INSERT_LIBRARIES', 'OPENSSL_CONF', 'PATH'])(
  '%s, which would make it run other code, is withheld',
  (name) => {
    const { variables, withheld } = programEnvironment({ [name]: 'x' }, [], MACHINE);
    expect(withheld).toEqual([name]);
    expect(Object.values(variables)).not.toContain('x');
  },
);
