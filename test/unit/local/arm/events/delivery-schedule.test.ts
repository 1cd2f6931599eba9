import { expect, test } from 'vitest';
import { decideDelivery } from '../../../../../local/arm/events/delivery-schedule.ts';

const NOW_MS = 1_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;

function decide(facts: Partial<Parameters<typeof decideDelivery>[0]>): ReturnType<typeof decideDelivery> {
  return decideDelivery({ status: 500, attempts: 1, publishedMs: NOW_MS, nowMs: NOW_MS, ...facts });
}

test.each([200, 201, 202, 203, 204])('an answer with %i is a delivery', (status) => {
  expect(decide({ status })).toEqual({ kind: 'delivered' });
});

test.each([400, 401, 403, 413])('an answer with %i ends in the dead letters at once', (status) => {
  expect(decide({ status })).toEqual({ kind: 'giveUp', reason: 'UndeliverableDueToClientError' });
});

test.each([
  { attempts: 1, seconds: 10 },
  { attempts: 2, seconds: 30 },
  { attempts: 3, seconds: 60 },
  { attempts: 4, seconds: 300 },
  { attempts: 5, seconds: 600 },
  { attempts: 6, seconds: 1_800 },
  { attempts: 7, seconds: 3_600 },
  { attempts: 8, seconds: 10_800 },
  { attempts: 9, seconds: 21_600 },
  { attempts: 10, seconds: 43_200 },
  { attempts: 29, seconds: 43_200 },
])('after $attempts failed attempts the next is $seconds s later', ({ attempts, seconds }) => {
  for (const status of [undefined, 404, 429, 500, 503]) {
    expect(decide({ attempts, status })).toEqual({ kind: 'retry', atMs: NOW_MS + seconds * 1_000 });
  }
});

test('thirty attempts, or a next one after a day, are the end', () => {
  expect(decide({ attempts: 30 })).toEqual({ kind: 'giveUp', reason: 'MaxDeliveryAttemptsExceeded' });
  expect(decide({ publishedMs: NOW_MS - DAY_MS + 10_000 })).toMatchObject({ kind: 'retry' });
  expect(decide({ publishedMs: NOW_MS - DAY_MS + 9_999 })).toEqual({ kind: 'giveUp', reason: 'TimeToLiveExceeded' });
});
