import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { diagnoseSilence } from '../../../../smoke/diagnosis/diagnose-silence.ts';

const ORIGIN = 'https://func-aci-abc.azurewebsites.net';

/** What fetch rejects with: why is in the cause. */
function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('no matter'), { code }) });
}

describe('no answer', () => {
  test.each([
    { code: 'ENOTFOUND', says: 'there is no host func-aci-abc.azurewebsites.net', next: /output baseUrl/ },
    { code: 'EAI_AGAIN', says: 'there is no host', next: /no name server/ },
    { code: 'ECONNREFUSED', says: 'nobody listens at', next: /output baseUrl/ },
    { code: 'ECONNRESET', says: 'closed the connection', next: /proxy/ },
    { code: 'UND_ERR_SOCKET', says: 'closed the connection', next: /proxy/ },
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', says: 'certificate of', next: /NODE_EXTRA_CA_CERTS/ },
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID', says: 'certificate of', next: /certificate bound/ },
    {
      code: 'EHOSTUNREACH',
      says: 'no answer from func-aci-abc.azurewebsites.net (EHOSTUNREACH)',
      next: /curl --verbose/,
    },
  ])('$code', ({ code, says, next }) => {
    const failure = diagnoseSilence(failed(code), 'GET health', ORIGIN, 150_000);
    expect(failure.message).toContain(says);
    expect(failure.next).toMatch(next);
  });

  test('in time', () => {
    const failure = diagnoseSilence(new DOMException('over', 'TimeoutError'), 'GET health', ORIGIN, 150_000);
    expect(failure.message).toContain('did not answer within 150 seconds');
    expect(failure.next).toContain('az functionapp show');
  });

  test('of a local stack that does not run, as fetch itself tells it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await once(server.close(), 'close');
    const origin = `http://127.0.0.1:${port}`;
    const error: unknown = await fetch(origin).catch((error_: unknown) => error_);
    expect(diagnoseSilence(error, 'GET health', origin, 150_000).next).toContain('npm start -- --auth on');
  });
});
