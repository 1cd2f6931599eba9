import { reconcile } from '../../../src/contracts/reconciliation.ts';
import { RECONCILE_INSTANCE_ID } from '../../../src/domain/group/group-id.ts';
import { emptyReconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import type { Settlement, Suspect } from '../../../src/domain/reconcile/settlement.ts';
import { output, pathsOf, throws, type Answer } from '../path.ts';
import { created, ENDPOINT, GROUP, INCARNATION, provisioned, refused } from './group.ts';

const OF = { ...GROUP, incarnation: INCARNATION };
const report = emptyReconciliation(1, '2026-01-01T00:00:00.000Z');
const listed = output({ resourceGroups: ['Games'], reconcileIntervalMs: 300_000 });
const soFar = { report, reconcileIntervalMs: 300_000 };
const broken = throws('The store does not answer.');
const listFailed = (code: string): Answer =>
  output({ found: 'failure', failure: { code, message: `ARM says ${code}.` } });
const failure = { code: 'throttled', message: 'ARM says throttled.' };

function suspect(...kinds: Suspect['kinds']): Suspect {
  return { ...OF, kinds };
}

function compared(suspects: Suspect[], more: object = {}): Answer {
  const counts = { comparedCount: 2, foreignCount: 1, orphanCount: 0, orphans: [], driftCount: 0, drifted: [] };
  return output({ found: 'comparison', ...counts, suspects, ...more });
}

function seenAgain(settlements: Settlement[], failed: object[] = []): Answer {
  return output({ settlements, failed });
}

/** One difference that is settled so. */
function settled(kind: Suspect['kinds'][number], settlement: Settlement, more: Record<string, Answer[]> = {}) {
  return {
    activities: {
      compareResourceGroup: [compared([suspect(kind)])],
      lookAgain: [seenAgain([settlement])],
      ...more,
    },
  };
}

const tag: Settlement = { do: 'tag', ...OF, wishes: { maxSessions: 8 } };

/** Every way through a turn of the eternal reconciliation. */
export const reconciliationPaths = pathsOf(
  reconcile,
  RECONCILE_INSTANCE_ID,
  {
    input: { number: 1 },
    activities: { listResourceGroups: [listed], compareResourceGroup: [compared([])] },
    before: [created(), provisioned],
  },
  {
    'no-resource-group': {
      activities: { listResourceGroups: [output({ resourceGroups: [], reconcileIntervalMs: 1_000 })] },
    },
    'nothing-left': { input: { number: 2, last: report, soFar: { ...soFar, cursor: { resourceGroups: [] } } } },
    'no-difference': {},
    'next-resource-group': {
      input: { number: 1, soFar: { ...soFar, cursor: { resourceGroups: ['Games', 'lobbies'] } } },
    },
    'more-resource-groups': {
      input: { number: 1, soFar: { ...soFar, cursor: { resourceGroups: [], moreAfter: 'arena' } } },
    },
    'second-turn': { turn: 2 },
    'too-much-is-missing': {
      input: { number: 2, heldBack: [{ resourceGroup: 'games', times: 1, number: 1 }] },
      activities: { compareResourceGroup: [compared([], { heldBack: { absentCount: 6, expectedCount: 7 } })] },
    },
    'tags-refused': {
      activities: {
        compareResourceGroup: [compared([suspect('untagged')], { afterName: 'games:game-1' }), compared([])],
        lookAgain: [seenAgain([tag, tag])],
        tagContainerGroup: [refused('notAuthorized')],
      },
    },
    'list-throws': { activities: { listResourceGroups: [broken] } },
    'more-differences-left': {
      activities: {
        compareResourceGroup: [compared([suspect('moved')], { afterName: 'games:game-1' }), compared([])],
        lookAgain: [seenAgain([])],
      },
    },
    ghost: settled('ghost', { do: 'recordAbsence', ...OF }),
    'ghost-created-anew': settled('ghost', { do: 'recordAbsence', ...OF, incarnation: 'incarnation-0' }),
    unmarked: settled('unmarked', { do: 'recordTagMissing', ...OF }),
    moved: settled('moved', { do: 'recordEndpoint', ...OF, endpoint: { ...ENDPOINT, publicIP: '20.0.0.2' } }),
    broken: settled('broken', {
      do: 'recordFailure',
      ...OF,
      failure: { code: 'provisioningFailed', message: 'It failed.' },
    }),
    restored: settled('returned', { do: 'restore', ...OF, endpoint: ENDPOINT }),
    adopted: {
      before: [],
      ...settled('orphan', {
        do: 'adopt',
        ...OF,
        location: 'westeurope',
        tokenDigest: 'token',
        endpoint: ENDPOINT,
        wishes: { maxSessions: 8, labels: { fleet: 'eu' } },
      }),
    },
    'orphan-deleted': settled(
      'orphan',
      { do: 'deleteOrphan', ...OF },
      { deleteContainerGroupResource: [output({ ok: true, gone: false })] },
    ),
    'orphan-not-deleted': settled(
      'orphan',
      { do: 'deleteOrphan', ...OF },
      { deleteContainerGroupResource: [refused('throttled')] },
    ),
    'orphan-reported': settled('orphan', { do: 'reportOrphan', ...OF, reason: 'policy' }),
    tagged: settled('untagged', tag, { tagContainerGroup: [output({ ok: true, tagged: true })] }),
    'not-tagged': settled('untagged', tag, { tagContainerGroup: [output({ ok: true, tagged: false })] }),
    'tag-refused': settled('untagged', tag, { tagContainerGroup: [refused('throttled')] }),
    'several-settlements': {
      activities: {
        compareResourceGroup: [compared([suspect('moved', 'untagged')])],
        lookAgain: [seenAgain([{ do: 'recordEndpoint', ...OF, endpoint: { ports: [] } }, tag])],
        tagContainerGroup: [output({ ok: true, tagged: true })],
      },
    },
    'list-fails-for-a-while': {
      activities: {
        compareResourceGroup: [listFailed('throttled'), listFailed('armUnavailable'), compared([])],
      },
    },
    'list-fails-again-and-again': {
      activities: { compareResourceGroup: Array.from({ length: 4 }, () => listFailed('throttled')) },
    },
    'list-is-not-allowed': { activities: { compareResourceGroup: [listFailed('notAuthorized')] } },
    'second-look-fails-for-a-while': {
      activities: {
        compareResourceGroup: [compared([suspect('ghost')])],
        lookAgain: [seenAgain([], [{ ...suspect('ghost'), failure }]), seenAgain([{ do: 'recordAbsence', ...OF }])],
      },
    },
    'second-look-fails-again-and-again': {
      activities: {
        compareResourceGroup: [compared([suspect('moved')])],
        lookAgain: [seenAgain([], [{ ...suspect('moved'), failure }])],
      },
    },
    'compare-throws': { activities: { compareResourceGroup: [broken] } },
    'second-look-throws': {
      activities: { compareResourceGroup: [compared([suspect('moved')])], lookAgain: [broken] },
    },
    'tag-throws': settled('untagged', tag, { tagContainerGroup: [broken] }),
  },
);
