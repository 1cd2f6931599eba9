import { describe, expect, test } from 'vitest';
import { MAX_EARLIER_CREATIONS, rememberCreation } from '../../../../src/domain/group/creation-memory.ts';

const keyed = (idempotencyKey: string) => ({ idempotencyKey, requestDigest: `digest of ${idempotencyKey}` });

describe('the creations of a name that are remembered', () => {
  test('have the newest first', () => {
    expect(rememberCreation(keyed('c'), [keyed('b'), keyed('a')])).toEqual([keyed('c'), keyed('b'), keyed('a')]);
  });

  test('are those with a key', () => {
    expect(rememberCreation({ requestDigest: 'd' })).toEqual([]);
    expect(rememberCreation({ requestDigest: 'd' }, [keyed('a')])).toEqual([keyed('a')]);
  });

  test('never grow without bound: the oldest is forgotten', () => {
    const full = Array.from({ length: MAX_EARLIER_CREATIONS }, (_, index) => keyed(`${index}`));
    expect(rememberCreation(keyed('new'), full)).toEqual([keyed('new'), ...full.slice(0, -1)]);
  });
});
