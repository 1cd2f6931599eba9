import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SteadyClock } from '../../clock/steady-clock.ts';
import { issueToken, LOCAL_CLIENT_ID } from './access-token.ts';
import type { Faults } from '../faults/faults.ts';
import type { Incidents } from '../faults/incidents.ts';
import { http } from '../server/http-module.ts';
import type { JsonObject } from '../wire/json.ts';
import { listenOnLoopback } from '../server/loopback.ts';

const API_VERSION = '2019-08-01';

/** The path that App Service has (learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference). */
const TOKEN_PATH = '/msi/token';

/** A running managed-identity endpoint. */
export interface IdentityEndpoint {
  /** For `IDENTITY_ENDPOINT`. */
  url: string;
  stop(): Promise<void>;
}

/** What the endpoint is started with. */
export interface IdentityEndpointOptions {
  port: number;
  /** What a caller has to send as `X-IDENTITY-HEADER`. */
  identityHeader: string;
  signingKey: Buffer;
  clock: SteadyClock;
  faults(): Faults;
  incidents: Incidents;
}

/**
 * Starts the endpoint that gives an app its managed identity's tokens, with App Service's protocol: plain HTTP on loopback, guarded by a
 * secret header (learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference; the client side is
 * @azure/msal-node, ManagedIdentitySources/AppService.ts).
 */
export async function startIdentityEndpoint(options: IdentityEndpointOptions): Promise<IdentityEndpoint> {
  let requestNumber = 0;
  const server = http.createServer((request, response) => answer(options, request, response, requestNumber++));
  const port = await listenOnLoopback(server, options.port);
  return { url: `http://127.0.0.1:${port}${TOKEN_PATH}`, stop };

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

function answer(
  options: IdentityEndpointOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestNumber: number,
): void {
  const { clock, incidents, signingKey } = options;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method !== 'GET' || url.pathname !== TOKEN_PATH) return send(response, 404, failure(404, 'Not found.'));
  if (!isHeaderRight(request.headers['x-identity-header'], options.identityHeader)) {
    return send(response, 401, failure(401, 'The X-IDENTITY-HEADER header is missing or wrong.'));
  }
  if (url.searchParams.get('api-version') !== API_VERSION) {
    return send(response, 400, failure(400, `The api-version must be '${API_VERSION}'.`));
  }
  const resource = url.searchParams.get('resource');
  if (!resource) return send(response, 400, failure(400, 'The query parameter resource is missing.'));
  if (incidents.hit('noTokens', {}, `token ${requestNumber}`, clock.now())) return send(response, 503, UNAVAILABLE);
  const { tokenLifetimeSeconds } = options.faults().identity;
  const { token, expiresOnSeconds } = issueToken(resource, clock.now(), signingKey, tokenLifetimeSeconds);
  const body = {
    access_token: token,
    client_id: LOCAL_CLIENT_ID,
    // By the clock of whoever keeps the token, which may have been set back.
    expires_on: String(expiresOnSeconds - Math.ceil(clock.aheadMs() / 1000)),
    resource,
    token_type: 'Bearer',
  };
  return send(response, 200, body);
}

/** What App Service's endpoint said when it had no tokens (microsoft/accessibility-insights-service 563). */
const UNAVAILABLE: JsonObject = {
  ExceptionMessage: '',
  ErrorCode: 'service_unavailable',
  ServiceErrorCodes: null,
  StatusCode: 503,
  Message: null,
};

function isHeaderRight(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== 'string') return false;
  const one = Buffer.from(given);
  const other = Buffer.from(expected);
  return one.length === other.length && timingSafeEqual(one, other);
}

function failure(statusCode: number, message: string): JsonObject {
  return { statusCode, message };
}

function send(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
