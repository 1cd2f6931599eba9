import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers with a status and no body. */
export function answerEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': '0' }).end();
}

/** Answers while the app is still being loaded. */
export async function answerNotReady(_: IncomingMessage, response: ServerResponse): Promise<void> {
  answerEmpty(response, 503);
}

/** Answers while the host can't do what it is asked for, and will be able to soon. */
export function answerUnavailable(response: ServerResponse): void {
  answerEmpty(response, 503, { 'retry-after': '1' });
}

/** Answers with a JSON body. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  answer(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

/** Answers with a line of text. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  answer(response, status, 'text/plain; charset=utf-8', text);
}

/** Answers with a page. */
export function answerHtml(response: ServerResponse, status: number, html: string): void {
  answer(response, status, 'text/html; charset=utf-8', html);
}

function answer(response: ServerResponse, status: number, contentType: string, text: string): void {
  response
    .writeHead(status, { 'content-type': contentType, 'content-length': String(Buffer.byteLength(text)) })
    .end(text);
}
