import type { Server } from 'node:net';

/** Lets a server listen on 127.0.0.1 only and says on which port; rejects with the system's error (`EADDRINUSE` when the port is taken). */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') {
        throw new Error('A TCP server has no address after it began to listen.');
      }
      resolve(address.port);
    });
  });
}
