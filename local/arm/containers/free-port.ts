import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { listenOnLoopback } from '../server/loopback.ts';
import { choosePort, type MappedPort } from './port-map.ts';

/** More than a machine is likely to have beside each other: who finds none free is told so. */
const ATTEMPTS = 50;

/** The mapped port, or another one where somebody else of this machine has it by now. */
export async function findFreePort(
  { protocol, mapped }: Pick<MappedPort, 'protocol' | 'mapped'>,
  { taken, random }: { taken: () => ReadonlySet<number>; random: () => number },
): Promise<number> {
  const refused = new Set<number>();
  for (let port = mapped; refused.size < ATTEMPTS; port = choosePort(new Set([...taken(), ...refused]), random)) {
    if (await isFree(protocol, port)) return port;
    refused.add(port);
  }
  throw new Error(`${ATTEMPTS} ports for containers were tried, and all are in use by other programs.`);
}

async function isFree(protocol: MappedPort['protocol'], port: number): Promise<boolean> {
  try {
    await (protocol === 'UDP' ? bindOnce(port) : listenOnce(port));
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return false;
  }
}

async function listenOnce(port: number): Promise<void> {
  const server = createServer();
  await listenOnLoopback(server, port);
  await new Promise((resolve) => server.close(resolve));
}

function bindOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(resolve));
  });
}
