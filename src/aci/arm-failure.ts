import type { RestError } from '@azure/core-rest-pipeline';
import { defined } from '../domain/defined.ts';
import type { Failed, Failure, FailureCode } from '../domain/failure.ts';

/**
 * ARM and ACI error codes as our failure codes
 * (https://learn.microsoft.com/azure/container-instances/container-instances-troubleshooting; codes seen in the SDK's test recordings).
 */
const codes: Record<string, FailureCode> = {
  ContainerGroupQuotaReached: 'quotaReached',
  ContainerGroupTransitioning: 'transitioning',
  RegistryErrorResponse: 'registryUnavailable',
  InaccessibleImage: 'imageInaccessible',
  ContainerGroupDeploymentNotReady: 'logsNotAvailable',
  ContainerGroupStopped: 'logsNotAvailable',
  ContainerLogNotAvailable: 'logsNotAvailable',
  TooManyRequests: 'throttled',
  SubscriptionRequestsThrottled: 'throttled',
  ServerTimeout: 'armUnavailable',
  InternalServerError: 'armUnavailable',
  AuthorizationFailed: 'notAuthorized',
  LinkedAuthorizationFailed: 'notAuthorized',
  MissingSubscriptionRegistration: 'providerNotRegistered',
  ResourceGroupNotFound: 'resourceGroupNotFound',
  ResourceNotFound: 'notFound',
  // These are 404, too, and say nothing about the group: ARM knows no such subscription, or not this version of the API there
  // (Azure/azure-cli 30530, 30714). Taken for its absence, every group would be given up while it runs.
  SubscriptionNotFound: 'notAuthorized',
  InvalidResourceType: 'providerNotRegistered',
  InvalidResourceNamespace: 'providerNotRegistered',
};

/** Statuses that say enough when the code is none of the table. */
const statuses: Record<number, FailureCode> = {
  400: 'specRefused',
  401: 'notAuthorized',
  403: 'notAuthorized',
  404: 'notFound',
  408: 'armUnavailable',
  409: 'transitioning',
  429: 'throttled',
};

/**
 * What an exception of the SDK means, or undefined when it is none that ARM or the way to it caused. `redact` takes what must
 * not be repeated out of ARM's own words.
 */
export function toArmFailure(error: unknown, redact: (text: string) => string = (text) => text): Failed | undefined {
  if (isCredentialError(error)) {
    const message = `There is no token for ARM: ${error.message.slice(0, 300)}`;
    return { ok: false, failure: { code: 'notAuthorized', message } };
  }
  if (!isRestError(error)) {
    return undefined;
  }
  const failure: Failure = { code: codeOf(error), message: messageOf(error, redact) };
  return { ok: false, failure, ...defined({ retryAfterMs: retryAfterMsOf(error) }) };
}

/** Whether this is what ARM, or what stands before it, answered to a request of this method: no network error, and no token that was not got. */
export function isAnswerTo(method: 'PUT', error: unknown): boolean {
  return isRestError(error) && error.statusCode !== undefined && error.request?.method === method;
}

/** Told by its name: the SDK is CommonJS and has a copy of the class that an import here would not get. */
function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError';
}

/** https://learn.microsoft.com/javascript/api/@azure/identity: what its credentials throw. */
function isCredentialError(error: unknown): error is Error {
  const names = ['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'];
  return error instanceof Error && names.includes(error.name);
}

function codeOf({ code, statusCode, message }: RestError): FailureCode {
  if (statusCode === undefined) {
    return 'armUnavailable';
  }
  if (code === 'ServiceUnavailable' && statusCode === 409) {
    // The same code for two things: no room in the region, and a quota that fraud detection set to zero.
    return /quota/i.test(message) ? 'quotaReached' : 'insufficientCapacity';
  }
  if (/dns (name )?label/i.test(message) && /not available|in use|taken/i.test(message)) {
    // Azure documents no code for it, and the texts seen in the wild differ in theirs (derekbekoe/vscode-spot issue 38).
    return 'dnsLabelTaken';
  }
  return codes[code ?? ''] ?? statuses[statusCode] ?? (statusCode >= 500 ? 'armUnavailable' : 'specRefused');
}

function messageOf({ code, statusCode, message }: RestError, redact: (text: string) => string): string {
  // The SDK appends its own rendering of the whole answer, headers and all, in inspection only; the message is ARM's text.
  // Redacted before it is cut: half a secret would not be found any more.
  const text = redact(message).slice(0, 500);
  return statusCode === undefined
    ? `ARM could not be reached: ${code ?? 'network error'}.`
    : `ARM answered ${statusCode} ${redact(code ?? '')}: ${text}`;
}

/** `retry-after-ms` and `x-ms-retry-after-ms` in milliseconds, else `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterMsOf({ response }: RestError): number | undefined {
  const header = (name: string): string | undefined => response?.headers.get(name);
  const milliseconds = header('retry-after-ms') ?? header('x-ms-retry-after-ms');
  const wait = header('retry-after');
  if (milliseconds === undefined && wait === undefined) {
    return undefined;
  }
  const ms = milliseconds === undefined ? waitMsOf(wait ?? '', header('date') ?? '') : Number(milliseconds);
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : undefined;
}

/** A date counts from that of the answer: ours may be another. NaN for what is neither a date nor a number. */
function waitMsOf(wait: string, answeredAt: string): number {
  const seconds = Number(wait);
  return Number.isNaN(seconds) ? Date.parse(wait) - Date.parse(answeredAt) : seconds * 1000;
}
