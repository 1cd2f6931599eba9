import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { StartError } from '../cli/start-error.ts';

/**
 * Makes sure that nobody listens on a port, since whoever does would be taken for the host that is about to start; for 0, chooses
 * one. Throws a `StartError` when the port is taken.
 */
export async function chooseFreePort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(`Port ${port} is in use by another process. Stop that one, or choose another --port.`, {
      cause: error,
    });
  }
  const chosen = portOf(server.address());
  server.close();
  await once(server, 'close');
  return chosen;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}
