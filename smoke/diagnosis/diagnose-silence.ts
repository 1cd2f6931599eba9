import { isOnThisMachine } from '../smoke-options.ts';
import { SmokeFailure } from '../smoke-failure.ts';

/** What a moment later may be over. */
const PASSING = new Set(['EAI_AGAIN', 'ECONNRESET', 'UND_ERR_SOCKET']);

/** Why no answer came, and what to look at next. */
export function diagnoseSilence(error: unknown, asked: string, origin: string, timeoutMs: number): SmokeFailure {
  const { host } = new URL(origin);
  const failure = (message: string, next: string): SmokeFailure =>
    new SmokeFailure(message, next, { cause: error, isPassing: PASSING.has(codeOf(error) ?? '') });
  if (error instanceof Error && error.name === 'TimeoutError') {
    return failure(
      `${asked}: ${host} did not answer within ${timeoutMs / 1000} seconds.`,
      'Try once more: a first start may take a minute. Then look whether the app runs (az functionapp show --query state), and at its exceptions in Application Insights.',
    );
  }
  const code = codeOf(error) ?? 'unknown reason';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure(
        `${asked}: there is no host ${host} (${code}).`,
        "Compare the address with the deployment's output baseUrl; a new name may take a minute to be known. EAI_AGAIN: this machine reaches no name server.",
      );
    case 'ECONNREFUSED':
      return failure(
        `${asked}: nobody listens at ${host}.`,
        isOnThisMachine(origin)
          ? 'Start the local stack: npm start -- --auth on. Its line "ready" shows the address.'
          : "Compare the address with the deployment's output baseUrl: the app answers at the usual port of https.",
      );
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return failure(
        `${asked}: ${host} closed the connection (${code}).`,
        'Try once more. If it stays so, something between here and the app (a proxy, a gateway, a firewall) cuts it.',
      );
    default:
      return isOfTls(code)
        ? failure(
            `${asked}: the certificate of ${host} is not trusted here (${code}).`,
            'A company proxy that opens TLS needs its certificate in NODE_EXTRA_CA_CERTS; a domain of your own needs a certificate bound in App Service.',
          )
        : failure(
            `${asked}: no answer from ${host} (${code}).`,
            'Try the address with curl from the same machine: curl --verbose URL/api/health.',
          );
  }
}

/** fetch tells little itself; why is in the cause, and in the first of several where addresses were tried one by one. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at instanceof AggregateError ? at.errors[0] : at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

/** The codes of OpenSSL's verification, as Node names them (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
function isOfTls(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(code);
}
