/** An answer with its body, parsed. */
export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests compare answers of every shape with expected ones
  body: any;
}

/** Requests to a host, at the origin that it has at the time. */
export interface HttpCalls {
  /** Gets an address that the host has given out, perhaps before it was started again on another port. */
  get(url: string): Promise<Answer>;
  api(path: string, init?: { method?: string; body?: unknown }): Promise<Answer>;
}

export function createHttpCalls(origin: () => string): HttpCalls {
  return {
    get: (url) => {
      const { pathname, search } = new URL(url);
      return call(`${origin()}${pathname}${search}`);
    },
    api: (path, init) => call(`${origin()}/api/${path}`, init),
  };
}

async function call(url: string, init: { method?: string; body?: unknown } = {}): Promise<Answer> {
  const { body, method = body === undefined ? 'GET' : 'POST' } = init;
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
