import { deleteContainerGroup, rememberDeletion } from '../../../src/contracts/deletion.ts';
import { resourceChanged } from '../../../src/contracts/provisioning.ts';
import { deleteInstanceId, rememberedDeletionId } from '../../../src/domain/group/group-id.ts';
import { after, output, pathsOf, raise, throws } from '../path.ts';
import {
  created,
  deletionBegan,
  GROUP,
  INCARNATION,
  KEY,
  marked,
  nameWasInUse,
  played,
  provisioned,
  refused,
  wasGone,
} from './group.ts';

const INSTANCE_ID = deleteInstanceId(KEY);

const input = {
  ...GROUP,
  mode: 'force' as const,
  sessionsStaleAfterMs: 600_000,
  cause: 'request 2',
  waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 60_000 },
};
const sweep = { ...input, mode: 'graceful' as const, cause: 'sweep 1' };
/** Shorter than a provisioning takes to end, or than a 404 takes to be a proof. */
const hasty = { ...input, waitPolicy: { pollIntervalMs: 1_000, deadlineMs: 2_500 } };
const patient = { ...input, waitPolicy: { pollIntervalMs: 10_000, deadlineMs: 1_800_000 } };

const isRunning = output({ running: true });
const hasEnded = output({ running: false });
const hasJustEnded = output({ running: false, ended: { at: '2026-01-01T00:00:00Z', isOrderly: true } });
const wasTerminated = output({ running: false, ended: { at: '2026-01-01T00:03:30Z', isOrderly: false } });
const isBegun = output({ isBegun: true });
const isNotBegun = output({ isBegun: false });
const closed = output({ outcome: 'closed', incarnation: INCARNATION });
const notClosedYet = output({ outcome: 'pending', incarnation: INCARNATION });
const nothingToClose = output({ outcome: 'nothing' });
const leased = output({ outcome: 'refused', failure: { code: 'seatsLeased', message: 'One is leased.' } });
const absenceNotSeen = output({ outcome: 'absenceNotSeen', incarnation: INCARNATION });
const gone = output({ ok: true, gone: true });
const underWay = output({ ok: true, gone: false });
const throttled = refused('throttled', 20_000);
const tagMissing = refused('tagMissing');
const justCreated = created(undefined, 0);
const broken = throws('The process ran out of memory.');

/** Every way through a deletion. */
export const deletionPaths = pathsOf(
  deleteContainerGroup,
  INSTANCE_ID,
  {
    input,
    activities: {
      wakeProvisioning: [hasEnded],
      closeSeats: [closed],
      openSeats: [output({})],
      terminateProvisioning: [output({})],
      confirmDeletion: [isBegun],
      deleteContainerGroupResource: [gone],
    },
    before: [created(), provisioned],
  },
  {
    'gone-at-once': {},
    swept: { input: sweep, before: [created(), provisioned, marked] },
    'taken-up-again': { input: sweep, before: [created(), provisioned, marked, deletionBegan] },
    'of-an-earlier-group': {
      input: { ...input, incarnation: 'incarnation-0' },
      activities: { closeSeats: [nothingToClose] },
    },
    'of-this-group': { input: { ...input, incarnation: INCARNATION } },
    idle: { input: { ...input, mode: 'ifIdle' } },
    'seats-leased': { input: sweep, activities: { closeSeats: [leased] } },
    'seats-not-closed-at-once': { activities: { closeSeats: [notClosedYet, notClosedYet, closed] } },
    'seats-never-closed': { input: hasty, activities: { closeSeats: [notClosedYet] } },
    'close-throws': { activities: { closeSeats: [broken] } },
    'open-throws': {
      input: { ...input, mode: 'ifIdle' },
      before: [created(), provisioned, played(3)],
      activities: { openSeats: [broken] },
    },
    'unknown-group': { before: [], activities: { closeSeats: [nothingToClose] } },
    'unknown-while-provisioning-begins': {
      before: [],
      activities: {
        closeSeats: [nothingToClose],
        wakeProvisioning: [isRunning, after(justCreated, isRunning), isRunning, hasEnded],
      },
    },
    'unknown-until-deadline': {
      input: hasty,
      before: [],
      activities: { closeSeats: [nothingToClose], wakeProvisioning: [isRunning] },
    },
    'not-committed-at-once': { activities: { confirmDeletion: [isNotBegun, isNotBegun, isBegun] } },
    'never-committed': { input: hasty, activities: { confirmDeletion: [isNotBegun] } },
    'confirm-throws': { activities: { confirmDeletion: [broken] } },
    'sessions-active': { input: sweep, before: [created(), provisioned, marked, played(3)] },
    'not-idle': { input: { ...input, mode: 'ifIdle' }, before: [created(), provisioned, played(3)] },
    'not-marked': { input: sweep },
    'provisioning-cancelled': { activities: { wakeProvisioning: [isRunning, isRunning, isRunning, hasEnded] } },
    'provisioning-never-ends': { input: hasty, activities: { wakeProvisioning: [isRunning] } },
    'provisioning-terminated': {
      input: patient,
      activities: { wakeProvisioning: [...Array.from({ length: 15 }, () => isRunning), wasTerminated] },
    },
    'terminate-throws': {
      activities: { wakeProvisioning: [isRunning], terminateProvisioning: [broken] },
    },
    throttled: { activities: { deleteContainerGroupResource: [throttled, refused('armUnavailable'), gone] } },
    'gone-by-event': {
      activities: { deleteContainerGroupResource: [underWay, gone] },
      meanwhile: [{ afterMs: 4_000, happening: raise(INSTANCE_ID, resourceChanged) }],
    },
    'gone-by-poll': { activities: { deleteContainerGroupResource: [underWay, underWay, gone] } },
    'absent-too-early': {
      before: [justCreated],
      activities: { wakeProvisioning: [hasJustEnded], deleteContainerGroupResource: [gone, underWay, gone] },
    },
    'goes-on-in-another-execution': {
      turn: 2,
      input: { ...input, waitPolicy: { pollIntervalMs: 1_000, deadlineMs: 300_000 } },
      activities: { deleteContainerGroupResource: [underWay] },
    },
    'absent-too-early-until-deadline': { input: hasty, before: [justCreated] },
    'under-way-until-deadline': { activities: { deleteContainerGroupResource: [underWay] } },
    'failing-until-deadline': { activities: { deleteContainerGroupResource: [refused('notAuthorized')] } },
    'tag-missing': { activities: { deleteContainerGroupResource: [tagMissing] } },
    'tag-missing-of-what-was-never-created': {
      before: [created(), nameWasInUse],
      activities: { deleteContainerGroupResource: [tagMissing] },
    },
    'gone-as-was-said': {
      input: sweep,
      before: [created(), provisioned, wasGone],
      activities: { closeSeats: [absenceNotSeen, closed] },
    },
    'not-gone-after-all': {
      input: sweep,
      before: [created(), provisioned, wasGone],
      activities: { closeSeats: [absenceNotSeen], deleteContainerGroupResource: [refused('notGone')] },
    },
    'gone-as-was-said-after-a-while': {
      input: sweep,
      before: [created(), provisioned, wasGone],
      activities: {
        closeSeats: [absenceNotSeen, absenceNotSeen, absenceNotSeen, closed],
        deleteContainerGroupResource: [throttled, underWay, gone],
      },
    },
    'not-gone-once-begun': {
      input: sweep,
      before: [created(), provisioned, wasGone, deletionBegan],
      activities: { deleteContainerGroupResource: [refused('notGone')] },
    },
    'unmarked-after-all': {
      input: sweep,
      before: [created(), provisioned, wasGone],
      activities: { closeSeats: [absenceNotSeen], deleteContainerGroupResource: [tagMissing] },
    },
    'wake-throws': { activities: { wakeProvisioning: [broken] } },
    'delete-throws': { activities: { deleteContainerGroupResource: [broken] } },
    'entity-unreadable': { entitiesAreUnreadable: true },
  },
);

/** Every way through the memory of a keyed deletion. */
export const rememberedDeletionPaths = pathsOf(
  rememberDeletion,
  rememberedDeletionId('digest'),
  { input: { ...GROUP, ifIdle: false, found: true, incarnation: INCARNATION }, activities: {} },
  { remembered: {} },
);
