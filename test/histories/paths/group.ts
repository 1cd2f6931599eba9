import { addMs, toInstant, type Instant } from '../../../src/domain/time.ts';
import type { Failure } from '../../../src/domain/failure.ts';
import { groupKey } from '../../../src/domain/group/group-id.ts';
import { output, tell, type Answer, type Happening } from '../path.ts';
import { START_MS } from '../record-path.ts';

/** The group that the paths are about. */
export const GROUP = { resourceGroup: 'Games', containerGroupName: 'game-1' };

/** The key of its entity. */
export const KEY = groupKey(GROUP);

/** Its incarnation. */
export const INCARNATION = 'incarnation-1';

/** Where it answers. */
export const ENDPOINT = { publicIP: '20.0.0.1', ports: [{ port: 7777, protocol: 'UDP' as const }] };

/** The time, by the milliseconds after the start of the recording. */
function at(ms: number): Instant {
  return addMs(toInstant(START_MS), ms);
}

/** What a port answers when ARM refused. */
export function refused(code: Failure['code'], retryAfterMs?: number): Answer {
  const failure = { code, message: `ARM says ${code}.` };
  return output({ ok: false, failure, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** The group is Creating, some minutes before the recording unless it says when. */
export function created(incarnation: string = INCARNATION, ms = -300_000): Happening {
  return tell(KEY, 'create', {
    at: at(ms),
    cause: 'request 1',
    ...GROUP,
    incarnation,
    location: 'westeurope',
    creation: { requestDigest: 'digest' },
    tokenDigest: 'token',
  });
}

/** Sweeps have found the group past its deadline, and given it up. */
export const deadlineEnforced: Happening = async (hub) => {
  for (const ms of [3_600_000, 7_200_000]) {
    await tell(KEY, 'enforceDeadline', { at: at(ms), incarnation: INCARNATION, deadlineMs: 1, cause: 'sweep 2' })(hub);
  }
};

/** The group is Running. */
export const provisioned = tell(KEY, 'provisioned', { at: at(-200_000), incarnation: INCARNATION, endpoint: ENDPOINT });

/** The group is Failed, and left nothing in Azure: its name is another owner's there. */
export const nameWasInUse = tell(KEY, 'failProvisioning', {
  at: at(-200_000),
  incarnation: INCARNATION,
  failure: { code: 'nameInUse', message: 'The name is in use.' },
  leftNothing: true,
});

/** Azure has said that the group is gone. */
export const wasGone = tell(KEY, 'recordAbsence', { at: at(-100_000), incarnation: INCARNATION });

/** The group is MarkedForDeletion. */
export const marked = tell(KEY, 'mark', { at: at(-100_000), commandId: 'mark-1' });

/** So many play on it. */
export function played(activeSessions: number): Happening {
  return tell(KEY, 'reportSessions', { at: at(-50_000), activeSessions });
}

/** Its server has reported for the first time. */
export const heard = tell(KEY, 'reportSessions', { at: at(0), activeSessions: 0, source: 'server' });

/** Its deletion has begun, whatever it is doing. */
export const deletionBegan = tell(KEY, 'beginDelete', {
  at: at(0),
  mode: 'force',
  sessionsStaleAfterMs: 0,
  cause: 'request 2',
});

/** Its deletion is over: there is no such group. */
export const deletionFinished = tell(KEY, 'finishDelete', { at: at(0), incarnation: INCARNATION });
