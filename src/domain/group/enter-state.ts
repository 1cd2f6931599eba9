import {
  KEPT_FIRST_ENTRIES,
  MAX_TIMELINE_ENTRIES,
  type ContainerGroup,
  type GroupFacts,
  type GroupIn,
  type TimelineEntry,
} from './container-group.ts';
import type { CommandOf, GroupCommand } from './group-command.ts';
import { defined } from '../defined.ts';
import type { StatePart } from './state-part.ts';

/** Why a timeline entry was written: its event, and what a person should know beside it. */
export interface Happening {
  event: string;
  detail?: string;
}

/** A group at the start of its life. */
export function newGroup(command: CommandOf<'create'>): GroupIn<'Creating'> {
  const { command: _command, at, cause: _cause, tokenDigest, ...facts } = command;
  const token = { digest: tokenDigest, generation: 1, issuedAt: at };
  const timeline = [entryOf(command, 'Creating', { event: 'created' })];
  return {
    ...facts,
    token,
    state: 'Creating',
    createdAt: at,
    stateSince: at,
    activeSessions: 0,
    timeline,
    outcomes: [],
  };
}

/** A group that was found in Azure, with what its resource tells; how many play on it nobody knows yet. */
export function adoptedGroup(command: CommandOf<'adopt'>): ContainerGroup {
  const { command: _command, at, cause: _cause, tokenDigest, endpoint, failure, ...facts } = command;
  const happening = { event: 'adopted', ...defined({ detail: failure?.code }) };
  const known = {
    ...facts,
    // No request is the same as one that nobody remembers.
    creation: { requestDigest: '' },
    token: { digest: tokenDigest, generation: 1, issuedAt: at, isAdopted: true as const },
    createdAt: at,
    stateSince: at,
    activeSessions: 0,
    sessionsUnknownSince: at,
    outcomes: [],
    endpoint,
  };
  return failure === undefined
    ? { ...known, state: 'Running', timeline: [entryOf(command, 'Running', happening)] }
    : { ...known, state: 'Failed', failure, timeline: [entryOf(command, 'Failed', happening)] };
}

/** The group in another state (or in the same with other facts): what it always knew is kept, its timeline one longer. */
export function enterState(
  group: ContainerGroup,
  command: GroupCommand,
  part: StatePart,
  happening: Happening,
): ContainerGroup {
  const { timeline } = withEntry(group, command, happening, part.state);
  const stateSince = group.state === part.state ? group.stateSince : command.at;
  // What runs, or runs again, has not ended; a marked group is restored only if its containers run.
  const runs = part.state === 'Running' || command.command === 'restore';
  const facts = runs ? withoutEnd(factsOf(group)) : factsOf(group);
  return { ...facts, ...part, stateSince, timeline };
}

/** The group with one more entry in its timeline, of the state that it is in unless another is given. */
export function withEntry(
  group: ContainerGroup,
  command: GroupCommand,
  happening: Happening,
  state = group.state,
): ContainerGroup {
  const timeline = [...group.timeline, entryOf(command, state, happening)];
  const tooMany = Math.max(timeline.length - MAX_TIMELINE_ENTRIES, 0);
  return { ...group, timeline: timeline.toSpliced(KEPT_FIRST_ENTRIES, tooMany) };
}

function entryOf(command: GroupCommand, state: ContainerGroup['state'], happening: Happening): TimelineEntry {
  return { at: command.at, state, ...happening, ...defined({ cause: command.cause }) };
}

function factsOf(group: ContainerGroup): GroupFacts {
  const {
    state: _state,
    endpoint: _endpoint,
    idleSince: _idleSince,
    failure: _failure,
    leftNothing: _leftNothing,
    failedFrom: _failedFrom,
    deletion: _deletion,
    deadlineAt: _deadlineAt,
    overdueSince: _overdueSince,
    ...facts
  } = {
    endpoint: undefined,
    idleSince: undefined,
    failure: undefined,
    leftNothing: undefined,
    failedFrom: undefined,
    deletion: undefined,
    deadlineAt: undefined,
    overdueSince: undefined,
    ...group,
  };
  return facts;
}

function withoutEnd(facts: GroupFacts): GroupFacts {
  const {
    containerEnd: _containerEnd,
    allEndedAt: _allEndedAt,
    ...others
  } = {
    containerEnd: undefined,
    allEndedAt: undefined,
    ...facts,
  };
  return others;
}
