import http from 'node:http';
import https from 'node:https';

/** A request to the Durable HTTP API. */
export interface ExtensionRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** How long an answer is waited for, in milliseconds; 240,000 unless told. */
  timeoutMs?: number;
}

/** What the extension answered; the body is empty where there is none. */
export interface ExtensionAnswer {
  status: number;
  body: string;
  header(name: string): string | undefined;
}

/** The extension answers from its storage, in seconds at the very most; a caller of the app waits no longer than four minutes (the platform's limit). */
const TIMEOUT_MS = 240_000;

/**
 * Asks the Durable HTTP API, over connections that are kept. `node:http` takes a third of the processor time of `fetch` and of the library's axios
 * (`bench/RESULTS.md`), and a session report does little else than this.
 */
export function askExtension(
  url: URL,
  { method = 'GET', headers = {}, json, timeoutMs = TIMEOUT_MS }: ExtensionRequest = {},
): Promise<ExtensionAnswer> {
  const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
  const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { ...headers, ...type }, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('error', reject)
        .once('end', () => {
          const header = (name: string): string | undefined => [response.headers[name]].flat()[0];
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), header });
        });
    });
    asked
      .once('timeout', () => asked.destroy(new Error(`The durable extension has not answered in ${timeoutMs} ms.`)))
      .once('error', reject)
      .end(body);
  });
}
