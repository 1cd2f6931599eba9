import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { z } from 'zod';
import { keyOf } from '../group-key.ts';

/** A request as it reaches ARM, before anything is done about it. */
export interface ArmRequest {
  method: string;
  /** The key of the group that it is about. */
  group?: string;
}

/** What is seen on the way between app and ARM. */
export interface ArmTraffic extends Disposable {
  /** The address at which the containers of an incarnation report, with their token, as the app has put it into them. */
  reportUrlOf(incarnation: string): string | undefined;
  /** The tokens of all containers so far. */
  tokens(): string[];
}

/** Watches all that reaches the emulator at `port` from now on, and what the app puts into containers, which only leaves it. */
export function watchArm(port: number, onRequest: (request: ArmRequest) => void): ArmTraffic {
  const reportUrls = new Map<string, string>();
  const receive = (message: unknown): void => {
    const request = isReceived(message) ? message.request : undefined;
    if (request?.socket.localPort === port) {
      onRequest(toArmRequest(request));
    }
  };
  const send = (message: unknown): void => {
    const request = isCreated(message) ? message.request : undefined;
    if (request?.method === 'PUT' && /\/containerGroups\/[^/?]+\?/.test(request.path)) {
      watchBody(request, (body) => {
        const put = putSchema.parse(JSON.parse(body));
        const variables = put.properties.containers[0]?.properties.environmentVariables ?? [];
        const url = variables.find(({ name }) => name === 'ACI_SET_SESSIONS_URL')?.secureValue;
        if (url !== undefined) reportUrls.set(put.tags['aci-incarnation'], url);
      });
    }
  };
  subscribe('http.server.request.start', receive);
  subscribe('http.client.request.created', send);
  return {
    reportUrlOf: (incarnation) => reportUrls.get(incarnation),
    tokens: () => [...reportUrls.values()].map((url) => new URL(url).searchParams.get('sig') ?? ''),
    [Symbol.dispose]() {
      unsubscribe('http.server.request.start', receive);
      unsubscribe('http.client.request.created', send);
    },
  };
}

function toArmRequest({ method = 'GET', url = '' }: IncomingMessage): ArmRequest {
  const [, resourceGroup, name] =
    /\/resourceGroups\/([^/]+)\/providers\/[^/]+\/containerGroups\/([^/?]+)/i.exec(url) ?? [];
  return { method, ...(resourceGroup !== undefined && name !== undefined && { group: keyOf(resourceGroup, name) }) };
}

/** The SDK sends a body in one piece. */
function watchBody(request: ClientRequest, onBody: (body: string) => void): void {
  request.end = new Proxy(request.end, {
    apply(end, itself, given: unknown[]): unknown {
      onBody(String(given[0]));
      return Reflect.apply(end, itself, given);
    },
  });
}

/** The channels of Node say what they bring (nodejs.org/api/diagnostics_channel.html#http). A schema would cost more than the request. */
function isReceived(message: unknown): message is { request: IncomingMessage } {
  return hasRequest(message) && message.request instanceof IncomingMessage;
}

function isCreated(message: unknown): message is { request: ClientRequest } {
  return hasRequest(message) && message.request instanceof ClientRequest;
}

function hasRequest(message: unknown): message is { request: unknown } {
  return typeof message === 'object' && message !== null && 'request' in message;
}

const putSchema = z.object({
  tags: z.object({ 'aci-incarnation': z.string() }),
  properties: z.object({
    containers: z.array(
      z.object({
        properties: z.object({
          environmentVariables: z.array(z.object({ name: z.string(), secureValue: z.string().optional() })).optional(),
        }),
      }),
    ),
  }),
});
