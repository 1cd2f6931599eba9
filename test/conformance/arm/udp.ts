import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from '../../e2e/process-tree.ts';

/** Binds a socket that is closed with the test; rejects when somebody has the port. */
export async function bind(port: number): Promise<Socket & AsyncDisposable> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return Object.assign(socket, { [Symbol.asyncDispose]: async () => void socket.close() });
}

/** What a program sends back; UDP may lose what comes before it listens, so that it is sent again until then. */
export async function echoAt(port: number): Promise<string> {
  await using socket = await bind(0);
  let answer: string | undefined;
  socket.on('message', (message) => {
    answer = message.toString();
  });
  return await until(() => {
    socket.send('hello', port, '127.0.0.1');
    return answer;
  });
}
