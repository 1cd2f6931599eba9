import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What was delivered. */
export interface Delivery {
  headers: IncomingMessage['headers'];
  event: ResourceEvent;
}

export interface ResourceEvent {
  id: string;
  topic: string;
  subject: string;
  eventType: string;
  eventTime: string;
  data: {
    operationName: string;
    status: string;
    correlationId: string;
    resourceUri: string;
    resourceProvider: string;
    claims: { oid: string };
    httpRequest?: { method: string; clientRequestId: string };
  };
}

/** A webhook that takes events as an Event Grid trigger does. */
export interface Webhook extends AsyncDisposable {
  url: string;
  deliveries: Delivery[];
  handshakes: number;
  /** Decides the answer to the deliveries that follow; 202 at first. */
  answerWith(status: number): void;
}

/** Opens a webhook that wants events; `refuseHandshakes` of them fail first. */
export async function openWebhook({ refuseHandshakes = 0 } = {}): Promise<Webhook> {
  let status = 202;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The webhook has no port.');
  const webhook: Webhook = {
    url: `http://127.0.0.1:${address.port}/runtime/webhooks/eventgrid?functionName=Monitor`,
    deliveries: [],
    handshakes: 0,
    answerWith: (next) => {
      status = next;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return webhook;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    // oxlint-disable-next-line no-unsafe-type-assertion -- what is no event fails the tests
    const [event] = JSON.parse(body) as [ResourceEvent & { data: { validationCode: string } }];
    if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
      webhook.handshakes += 1;
      const isRefused = webhook.handshakes <= refuseHandshakes;
      response.writeHead(isRefused ? 404 : 200).end(JSON.stringify({ validationResponse: event.data.validationCode }));
      return;
    }
    webhook.deliveries.push({ headers: request.headers, event });
    response.writeHead(status).end();
  }
}
