import { setTimeout as delay } from 'node:timers/promises';
import { diagnoseSilence } from './diagnosis/diagnose-silence.ts';
import { Interrupted } from './smoke-failure.ts';
import type { Credential } from './smoke-options.ts';

/** An answer of the app, with its body read: as JSON where it is one. */
export interface Answer {
  /** What was asked, such as `POST ACICreate`: without an address that may hold a key. */
  asked: string;
  status: number;
  headers: Headers;
  text: string;
  /** Undefined where the text is no JSON. */
  json: unknown;
}

/** A request to the app. */
export interface Ask {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, whatever it is. */
  text?: string;
  headers?: Record<string, string>;
  /** The credential that goes along; by default that of the run. */
  as?: 'caller' | 'nobody' | 'stranger';
  /** Send the body in pieces, without a length. */
  inChunks?: boolean;
}

/** Requests to one app with one credential. */
export interface SmokeClient {
  /** Asks a function: `ACIList?state=all`. Rejects with a `SmokeFailure` when no answer comes. */
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** Gets an address that the app has handed out. It may hold a key, so that it never shows and gets none of ours. */
  follow(url: string, asked: string): Promise<Answer>;
}

/** Longer than the longest `?wait=` and sweep (a minute), with a cold start before it; below the front end's 230 seconds. */
const TIMEOUT_MS = 150_000;

/** What ends requests. */
export interface Stops {
  /** Begins nothing more, and reads no more: a command that is under way is heard out, since it may have made something. */
  stop: AbortSignal;
  /** Ends commands, too. */
  giveUp: AbortSignal;
}

/** Makes the client. A request that is stopped rejects with `Interrupted`. */
export function createSmokeClient(
  { origin, credential }: { origin: string; credential: Credential | undefined },
  { stop, giveUp }: Stops,
): SmokeClient {
  const send = async (asked: string, url: string, init: RequestInit): Promise<Answer> => {
    const ends = init.method === 'GET' ? AbortSignal.any([stop, giveUp]) : giveUp;
    if (stop.aborted || giveUp.aborted) throw new Interrupted();
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ends]),
      });
      const text = await response.text();
      return { asked, status: response.status, headers: response.headers, text, json: parse(text) };
    } catch (error) {
      if (ends.aborted) throw new Interrupted();
      throw diagnoseSilence(error, asked, new URL(url).origin, TIMEOUT_MS);
    }
  };
  return {
    ask: async (path, ask = {}) => {
      const { method = ask.body === undefined && ask.text === undefined ? 'GET' : 'POST' } = ask;
      const headers = { ...bodyHeaders(ask), ...credentialHeaders(ask.as ?? 'caller', credential), ...ask.headers };
      return send(`${method} ${path.split('?')[0] ?? ''}`, `${origin}/api/${path}`, {
        method,
        headers,
        ...bodyOf(ask),
      });
    },
    follow: async (url, asked) => send(asked, url, { method: 'GET' }),
  };
}

/** Waits, unless it is interrupted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  }
}

function credentialHeaders(as: NonNullable<Ask['as']>, credential: Credential | undefined): Record<string, string> {
  if (credential === undefined || as === 'nobody') return {};
  const value = as === 'stranger' ? 'no-key-of-this-app' : credential.value;
  return credential.kind === 'key' ? { 'x-functions-key': value } : { authorization: `Bearer ${value}` };
}

function bodyHeaders({ body, text }: Ask): Record<string, string> {
  return body === undefined && text === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf({ body, text, inChunks = false }: Ask): RequestInit {
  const whole = body === undefined ? text : JSON.stringify(body);
  if (whole === undefined) return {};
  return inChunks ? { body: new Blob([whole]).stream(), duplex: 'half' } : { body: whole };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
