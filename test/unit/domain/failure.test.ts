import { describe, expect, test } from 'vitest';
import { failures, failureSchema, httpStatusOf, isRetryable, type FailureCode } from '../../../src/domain/failure.ts';

const codes = Object.keys(failures).filter((code): code is FailureCode => code in failures);

describe('the failure table', () => {
  test.each(codes)('gives %s an HTTP status that says no', (code) => {
    expect(httpStatusOf(code)).toBeGreaterThanOrEqual(400);
    expect(httpStatusOf(code)).toBeLessThan(600);
  });

  test.each(codes)('blames the caller for %s with a 4xx only, and answers no 5xx for it', (code) => {
    expect(failures[code].fault === 'caller' && httpStatusOf(code) >= 500).toBe(false);
  });
});

test.each<[FailureCode, boolean, number]>([
  ['throttled', true, 429],
  ['armUnavailable', true, 502],
  ['transitioning', true, 409],
  ['registryUnavailable', true, 502],
  ['commandPending', true, 503],
  ['insufficientCapacity', false, 503],
  ['quotaReached', false, 503],
  ['specRefused', false, 400],
  ['unknownGroup', false, 404],
  ['alreadyExists', false, 409],
  ['deadlineExceeded', false, 504],
])('%s: trying again helps: %s, HTTP %d', (code, retryable, status) => {
  expect(isRetryable(code)).toBe(retryable);
  expect(httpStatusOf(code)).toBe(status);
});

describe('a failure that is stored or sent', () => {
  test.each(codes)('may have the code %s', (code) => {
    expect(failureSchema.parse({ code, message: 'm' })).toEqual({ code, message: 'm' });
  });

  test.each(['ofTomorrow', 'toString'])('keeps the code %s of another version, of which nothing is known', (code) => {
    const failure = failureSchema.parse({ code, message: 'm', hint: 'h' });
    expect(failure).toEqual({ code, message: 'm', hint: 'h' });
    expect([isRetryable(failure.code), httpStatusOf(failure.code)]).toEqual([false, 500]);
  });

  test('has a text as its code', () => {
    expect(failureSchema.safeParse({ code: 7, message: 'm' }).success).toBe(false);
  });
});
