import type { Stack } from '../../integration/stack/stack.ts';
import type { Fact } from '../facts.ts';

/** What one request got; status 0 where nobody answered. */
export interface CallAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** How clients reach the app. */
export interface Caller {
  call(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<CallAnswer>;
  /** A command of a client, which is kept as a fact. */
  command(by: string, command: string, options: CommandOptions): Promise<CallAnswer>;
  /** How many requests wait for their answers. */
  pendingCount(): number;
  /** How many have ended. */
  endedCount(): number;
  /** Breaks the connections of all that wait, as the end of a host does. */
  hangUp(): void;
}

/** A command beside its name. */
export interface CommandOptions {
  /** Default POST. */
  method?: string;
  query?: string;
  body?: unknown;
  group?: string;
  idempotencyKey?: string;
}

/** Creates the way to the app of a stack; `onAnswer` hears the text of each answer. */
export function createCaller(
  stack: Stack,
  keep: (fact: Fact) => void,
  onAnswer: (path: string, text: string) => void,
): Caller {
  let lines = new AbortController();
  let pendingCount = 0;
  let endedCount = 0;
  const call: Caller['call'] = async (path, { method, body, headers = {} } = {}) => {
    pendingCount += 1;
    try {
      const response = await fetch(new URL(path, stack.origin), {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { 'content-type': 'application/json', ...headers },
        signal: lines.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      onAnswer(path, `${[...response.headers].flat().join('\n')}\n${text}`);
      return { status: response.status, headers: response.headers, body: parse(text) };
    } catch {
      // A host that is killed, or down, answers nobody; any other fault of a connection shows as a command without an answer.
      return { status: 0, headers: new Headers(), body: undefined };
    } finally {
      pendingCount -= 1;
      endedCount += 1;
    }
  };
  return {
    call,
    async command(by, command, { method = 'POST', query, body, group, idempotencyKey }) {
      const sentAtMs = stack.clock.now();
      const answer = await call(`/api/${command}${query === undefined ? '' : `?${query}`}`, {
        method,
        ...(body !== undefined && { body }),
        ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
      });
      const atMs = stack.clock.now();
      const about = { ...(group !== undefined && { group }), ...(body !== undefined && { body }) };
      const name = method === 'GET' ? `GET ${command}` : command;
      keep({
        fact: 'command',
        atMs,
        sentAtMs,
        by,
        command: name,
        ...about,
        status: answer.status,
        answer: answer.body,
      });
      return answer;
    },
    pendingCount: () => pendingCount,
    endedCount: () => endedCount,
    hangUp() {
      lines.abort();
      lines = new AbortController();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
