import type { Answer } from '../../../smoke/smoke-client.ts';

/** An answer with this body, as JSON unless it is a text. */
export function answerOf(status: number, body: unknown = '', headers: Record<string, string> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    asked: 'GET health',
    status,
    headers: new Headers(headers),
    text,
    json: typeof body === 'string' ? undefined : body,
  };
}
