import { laterOf } from '../time.ts';
import type { ContainerGroup } from './container-group.ts';
import { changed, unchanged, type Decision } from './decision.ts';
import { enterState } from './enter-state.ts';
import type { CommandOf } from './group-command.ts';
import { explainSilence, passedLimit } from './group-limits.ts';
import { failedBy, marked, running } from './state-part.ts';

/** Has a group go that has lived or lain idle for as long as it may, and gives up one whose server is silent. */
export function enforceLimits(group: ContainerGroup, command: CommandOf<'enforceLimits'>): Decision {
  const limit = passedLimit(group, command.at);
  switch (limit) {
    case undefined:
      return unchanged(group);
    case 'silence': {
      const failure = explainSilence(group, command.at);
      return changed(enterState(group, command, failedBy(group, failure), { event: 'failed', detail: failure.code }));
    }
    case 'maxLifetime':
    case 'idle':
      return changed(enterState(group, command, marked(group), { event: 'marked', detail: limit }));
  }
}

/** A group that only the silence of its server has failed runs again when the server is heard. */
export function revived(group: ContainerGroup, command: CommandOf<'reportSessions'>): ContainerGroup {
  const wasSilent = group.state === 'Failed' && group.failure.code === 'heartbeatLost' && command.source === 'server';
  if (!wasSilent || group.endpoint === undefined) {
    return group;
  }
  // One that was on its way for long may have been received before the group failed.
  const at = laterOf(group.stateSince, command.at);
  const part = running(group, group.endpoint, at);
  return enterState(group, { ...command, at }, part, { event: 'heartbeatReturned' });
}
