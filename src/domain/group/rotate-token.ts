import type { ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import type { CommandOf } from './group-command.ts';

/** One of two rotations that were begun at the same time is too late. The containers of an adopted group may have any token of it. */
export function rotateToken(group: ContainerGroup, command: CommandOf<'rotateToken'>): Decision {
  const { isAdopted, ...known } = { isAdopted: undefined, ...group.token };
  const isNext = command.generation === known.generation + 1;
  if (!isNext && (isAdopted === undefined || command.generation <= known.generation)) {
    return unchanged(group);
  }
  const previous = { digest: command.previousDigest ?? known.digest, validUntil: command.graceUntil };
  const { tokenDigest: digest, generation, at: issuedAt } = command;
  return changed({ ...group, token: { ...known, digest, generation, issuedAt, previous } });
}
