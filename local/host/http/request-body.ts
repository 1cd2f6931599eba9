import type { IncomingMessage } from 'node:http';

/** The longest body that the Functions host takes (learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits). */
const MAX_BODY_BYTES = 100 * 1024 * 1024;

/** Reads the body; undefined when it is longer than `maxBytes`, of which no more than that was kept. Rejects when the sender breaks off. */
export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes > maxBytes) {
        request.removeAllListeners('data').pause();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}
