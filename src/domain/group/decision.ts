import type { Failure, FailureCode } from '../failure.ts';
import type { ContainerGroup } from './container-group.ts';

/** What becomes of a group by a command; the group is undefined where there is none, before its life or after it. */
export type Decision =
  | { outcome: 'changed' | 'unchanged'; group: ContainerGroup | undefined }
  | { outcome: 'refused'; group: ContainerGroup | undefined; refusal: Failure };

/** The group is another one now, or there is none any more. */
export function changed(group: ContainerGroup | undefined): Decision {
  return { outcome: 'changed', group };
}

/** There was nothing to do. */
export function unchanged(group: ContainerGroup | undefined): Decision {
  return { outcome: 'unchanged', group };
}

/** The group stays as it is, and the sender reads why. */
export function refused(group: ContainerGroup | undefined, code: FailureCode, message: string): Decision {
  return { outcome: 'refused', group, refusal: { code, message } };
}
