import { describe, expect, test } from 'vitest';
import { decide } from '../../../../src/domain/group/decide.ts';
import { nextGeneration } from '../../../../src/domain/group/rotate-token.ts';
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
      previous: { digest: 'token-4', validUntil: rotateToken.graceUntil, isAny: true },
    });
    expect(decide(adopted, { ...rotateToken, generation: 1 }).outcome).toBe('unchanged');
    expect(decide(adopted, rotateToken).group?.token).toMatchObject({ previous: { digest: 'token-1' } });
  });

  test('is the same next one whichever its containers have, and none that was handed out before', () => {
    expect([undefined, 1, 4, 7].map((brought) => nextGeneration(adopted.token, brought))).toEqual(
      [1, 2, 3, 4].map(() => 1_000_000),
    );
    expect(nextGeneration(adopted.token, 1_000_004)).toBe(2_000_000);
    expect(nextGeneration(running.token)).toBe(2);
  });

  test('that is handed out before the entity knows it is followed by no other', () => {
    expect(nextGeneration(adopted.token, 1_000_000)).toBe(1_000_000);
  });

  test('rotates as any other from then on, with the one before it for its grace alone', () => {
    const { rotateToken } = commands;
    const first = { ...rotateToken, generation: 1_000_000, tokenDigest: 'first', previousDigest: 'token-4' };
    const once = decide(adopted, first).group;
    // Another container has asked at the same time.
    expect(decide(once, { ...first, previousDigest: 'token-3' })).toEqual({ outcome: 'unchanged', group: once });
    const second = { ...rotateToken, generation: 1_000_001, tokenDigest: 'second' };
    const twice = decide(once, second).group;
    expect(twice?.token).toEqual({
      digest: 'second',
      generation: 1_000_001,
      issuedAt: LATER,
      previous: { digest: 'first', validUntil: rotateToken.graceUntil },
    });
  });
});
