import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { isAnswerTo, toArmFailure } from '../../../src/aci/arm-failure.ts';

function armError(code: string | undefined, statusCode: number | undefined, message = 'It is so.', headers = {}) {
  const request = createPipelineRequest({ url: 'https://management.azure.com' });
  const response = { request, status: statusCode ?? 0, headers: createHttpHeaders(headers) };
  return new RestError(message, {
    ...(code === undefined ? {} : { code }),
    ...(statusCode === undefined ? {} : { statusCode, response }),
  });
}

const codeOf = (error: unknown): string | undefined => toArmFailure(error)?.failure.code;

describe("an error of ARM's becomes one of ours", () => {
  test.each<[string, number, string]>([
    ['ContainerGroupQuotaReached', 403, 'quotaReached'],
    ['ContainerGroupTransitioning', 409, 'transitioning'],
    ['RegistryErrorResponse', 409, 'registryUnavailable'],
    ['InaccessibleImage', 400, 'imageInaccessible'],
    ['ContainerGroupDeploymentNotReady', 409, 'logsNotAvailable'],
    ['ContainerLogNotAvailable', 404, 'logsNotAvailable'],
    ['TooManyRequests', 429, 'throttled'],
    ['SubscriptionRequestsThrottled', 429, 'throttled'],
    ['InternalServerError', 500, 'armUnavailable'],
    ['AuthorizationFailed', 403, 'notAuthorized'],
    ['MissingSubscriptionRegistration', 409, 'providerNotRegistered'],
    ['ResourceGroupNotFound', 404, 'resourceGroupNotFound'],
    ['ResourceNotFound', 404, 'notFound'],
    ['SubscriptionNotFound', 404, 'notAuthorized'],
    ['InvalidResourceType', 404, 'providerNotRegistered'],
    ['InvalidResourceNamespace', 404, 'providerNotRegistered'],
  ])('by its code: %s (%d) is %s', (code, status, expected) => {
    expect(codeOf(armError(code, status))).toBe(expected);
  });

  test.each<[number, string]>([
    [400, 'specRefused'],
    [401, 'notAuthorized'],
    [403, 'notAuthorized'],
    [404, 'notFound'],
    [408, 'armUnavailable'],
    [409, 'transitioning'],
    [422, 'specRefused'],
    [429, 'throttled'],
    [500, 'armUnavailable'],
    [503, 'armUnavailable'],
  ])('by its status when its code is unheard of: %d is %s', (status, expected) => {
    expect(codeOf(armError('SomethingNew', status))).toBe(expected);
    expect(codeOf(armError(undefined, status))).toBe(expected);
  });

  test.each<[string, number, string, string]>([
    ['ServiceUnavailable', 409, 'The requested resource is not available in the location.', 'insufficientCapacity'],
    ['ServiceUnavailable', 409, 'The subscription has a quota of 0 for it.', 'quotaReached'],
    ['ServiceUnavailable', 503, 'Try again later.', 'armUnavailable'],
    ['Conflict', 409, "The DNS name label 'game' is not available in this region.", 'dnsLabelTaken'],
    ['DnsLabelInUse', 400, 'The dns label is taken.', 'dnsLabelTaken'],
    ['InvalidDnsNameLabel', 400, 'The DNS name label is too long.', 'specRefused'],
  ])('by its words where the code says two things: %s %d "%s" is %s', (code, status, message, expected) => {
    expect(codeOf(armError(code, status, message))).toBe(expected);
  });

  test('without a status when ARM was not reached', () => {
    expect(toArmFailure(armError('ECONNREFUSED', undefined))?.failure).toEqual({
      code: 'armUnavailable',
      message: 'ARM could not be reached: ECONNREFUSED.',
    });
    expect(toArmFailure(armError(undefined, undefined))?.failure.message).toContain('network error');
  });

  test('with no more of a message than an operator reads', () => {
    expect(toArmFailure(armError('BadRequest', 400, 'x'.repeat(5_000)))?.failure.message.length).toBeLessThan(600);
  });
});

describe('the wait that ARM asks for', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['is none', {}, undefined],
    ['is in seconds', { 'retry-after': '17' }, 17_000],
    ['is none at all', { 'retry-after': '0' }, 0],
    ['is in milliseconds', { 'retry-after-ms': '250' }, 250],
    [
      "is in Microsoft's milliseconds, which are more exact",
      { 'x-ms-retry-after-ms': '99.5', 'retry-after': '1' },
      100,
    ],
    [
      "is a date, which counts from the answer's own",
      { date: 'Tue, 24 Nov 2026 10:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 10:00:20 GMT' },
      20_000,
    ],
    ['is a date in an answer without one', { 'retry-after': 'Tue, 24 Nov 2026 10:00:20 GMT' }, undefined],
    ['is nonsense', { 'retry-after': 'soon' }, undefined],
    ['is before now', { 'retry-after': '-1' }, undefined],
  ])('%s', (_, headers, expected) => {
    expect(toArmFailure(armError('TooManyRequests', 429, 'Slow down.', headers))?.retryAfterMs).toBe(expected);
  });
});

describe('an error that ARM did not cause', () => {
  test.each(['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'])(
    'of a credential (%s) means that we may not call ARM',
    (name) => {
      const error = Object.assign(new Error('No managed identity.'), { name });
      expect(toArmFailure(error)).toEqual({
        ok: false,
        failure: { code: 'notAuthorized', message: 'There is no token for ARM: No managed identity.' },
      });
    },
  );

  test.each([[new TypeError('x is undefined')], ['text'], [undefined], [{ name: 'RestError', statusCode: 429 }]])(
    'is left to be thrown: %s',
    (error) => {
      expect(toArmFailure(error)).toBeUndefined();
    },
  );
});

describe('an answer of ARM to a PUT', () => {
  const failed = (method: 'GET' | 'PUT', statusCode?: number) => {
    const request = createPipelineRequest({ url: 'https://management.azure.com', method });
    return new RestError('It is so.', { request, ...(statusCode === undefined ? {} : { statusCode }) });
  };

  test.each<[string, boolean, unknown]>([
    ['a refusal of the PUT', true, failed('PUT', 403)],
    ['a refusal of the look before it', false, failed('GET', 403)],
    ['a PUT without an answer', false, failed('PUT')],
    ['a token that there is none of', false, Object.assign(new Error('No token.'), { name: 'AuthenticationError' })],
  ])('%s is one: %s', (_, is, error) => {
    expect(isAnswerTo('PUT', error)).toBe(is);
  });
});
