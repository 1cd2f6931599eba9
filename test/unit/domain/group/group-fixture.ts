import type {
  CreatingGroup,
  FailedGroup,
  MarkedGroup,
  RunningGroup,
} from '../../../../src/domain/group/container-group.ts';
import type { CreateCommand } from '../../../../src/domain/group/group-command.ts';
import { newGroup } from '../../../../src/domain/group/enter-state.ts';

/** The moment at which the group of these tests is created. */
export const BORN = '2026-11-24T10:00:00.000Z';

/** A later moment. */
export const LATER = '2026-11-24T10:05:00.000Z';

export const createCommand: CreateCommand = {
  command: 'create',
  at: BORN,
  cause: 'request 1',
  resourceGroup: 'Games',
  containerGroupName: 'game-1',
  incarnation: 'first',
  location: 'westeurope',
  creation: { requestDigest: 'digest' },
  tokenDigest: 'token-1',
};

const endpoint = { publicIP: '20.0.0.1', ports: [{ port: 7777, protocol: 'UDP' as const }] };

export const creating: CreatingGroup = newGroup(createCommand);
export const running: RunningGroup = { ...creating, state: 'Running', endpoint };
export const marked: MarkedGroup = { ...creating, state: 'MarkedForDeletion', endpoint };
export const failed: FailedGroup = {
  ...creating,
  state: 'Failed',
  failure: { code: 'containersExited', message: 'It ended.' },
};
export const beingDeleted: MarkedGroup = { ...marked, deletion: { requestedAt: BORN, cause: 'sweep 1' } };
