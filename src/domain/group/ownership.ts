import type { Failure } from '../failure.ts';
import { INCARNATION_TAG } from '../spec/container-group-spec.ts';

/**
 * Whose a resource in Azure is, told by its tag `aci-incarnation`: of one incarnation of a group, or of another creation, which it is left
 * to. Without the tag nobody can tell: it may be ours, with tags that somebody replaced, and runs and costs.
 */
export type Ownership = 'ours' | 'others' | 'unmarked';

/** What an operator sets the tag to who knows that the resource is not ours: nobody's group has this incarnation. */
export const NOBODYS_INCARNATION = 'none';

/** Whose a resource with this tag, or without it, is for a group of this incarnation. */
export function ownershipOf(tag: string | undefined, incarnation: string): Ownership {
  if (tag === undefined || tag === '') {
    return 'unmarked';
  }
  return tag === incarnation ? 'ours' : 'others';
}

/** Why a group can be neither used nor forgotten, and what an operator can do about it. */
export function tagMissing(incarnation: string): Failure {
  const message =
    `The container group of this name in Azure has no tag ${INCARNATION_TAG}, so that nobody can tell whose it is; it is left alone and goes on to cost. ` +
    `Set the tag to ${incarnation} if it is this group: a reconciliation restores one that ran. Set it to ${NOBODYS_INCARNATION} if it is not, or delete the resource; then ACIDelete, or the next sweep, goes on.`;
  return { code: 'tagMissing', message };
}
