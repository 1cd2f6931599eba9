import type { ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import type { CommandOf } from './group-command.ts';

/** More rotations than any life has: no token that was handed out before the store was lost is of such a generation, or becomes good again. */
const GENERATIONS_OF_A_LIFE = 1_000_000;

/**
 * The generation of the token that comes next, for a container that has one of this generation. The containers of an adopted group may have
 * different tokens, and get the same next one, whichever asks first. One that has such a token already was handed it out a moment ago, or before
 * the store was lost once more.
 */
export function nextGeneration({ generation, isAdopted }: ContainerGroup['token'], brought = generation): number {
  const latest = Math.max(generation, brought);
  if (isAdopted === undefined) {
    return latest + 1;
  }
  const isNext = latest % GENERATIONS_OF_A_LIFE === 0;
  return isNext ? latest : (Math.floor(latest / GENERATIONS_OF_A_LIFE) + 1) * GENERATIONS_OF_A_LIFE;
}

/** One of two rotations that were begun at the same time is too late. The containers of an adopted group may have any token of it. */
export function rotateToken(group: ContainerGroup, command: CommandOf<'rotateToken'>): Decision {
  const { isAdopted, ...known } = { isAdopted: undefined, ...group.token };
  const isNext = command.generation === known.generation + 1;
  if (!isNext && (isAdopted === undefined || command.generation <= known.generation)) {
    return unchanged(group);
  }
  const digestBefore = command.previousDigest ?? known.digest;
  const previous = { digest: digestBefore, validUntil: command.graceUntil, ...(isAdopted && { isAny: isAdopted }) };
  const { tokenDigest: digest, generation, at: issuedAt } = command;
  return changed({ ...group, token: { ...known, digest, generation, issuedAt, previous } });
}
