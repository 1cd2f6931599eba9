import { describe, expect, test } from 'vitest';
import { decide } from '../../../../src/domain/group/decide.ts';
import { adopted, commandsNotGuarded as commands, LATER, running } from './group-fixture.ts';

describe('tokens', () => {
  test('a rotation keeps the old token for its grace', () => {
    expect(decide(running, commands.rotateToken).group?.token).toEqual({
      digest: 'token-2',
      generation: 2,
      issuedAt: LATER,
      previous: { digest: 'token-1', validUntil: '2026-11-24T11:05:00.000Z' },
    });
  });

  test('of two rotations begun at the same time the second changes nothing', () => {
    const once = decide(running, commands.rotateToken).group;
    const twice = decide(once, { ...commands.rotateToken, tokenDigest: 'token-3' });
    expect(twice).toEqual({ outcome: 'unchanged', group: once });
  });
});

describe('the token of an adopted group', () => {
  test('has the token of its next rotation alone, whichever it had, and that one for its grace', () => {
    const { rotateToken } = commands;
    const rotated = decide(adopted, { ...rotateToken, generation: 5, previousDigest: 'token-4' }).group;
    expect(rotated?.token).toEqual({
      digest: 'token-2',
      generation: 5,
      issuedAt: LATER,
      previous: { digest: 'token-4', validUntil: rotateToken.graceUntil },
    });
    expect(decide(adopted, { ...rotateToken, generation: 1 }).outcome).toBe('unchanged');
    expect(decide(adopted, rotateToken).group?.token).toMatchObject({ previous: { digest: 'token-1' } });
  });
});
