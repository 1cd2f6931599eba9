import { containerGroupEntity } from '../../contracts/container-group.ts';
import { setStateRequestSchema } from '../../contracts/http-api.ts';
import { groupKey } from '../../domain/group/group-id.ts';
import { toListItem } from '../../domain/group/list-item.ts';
import { toInstant } from '../../domain/time.ts';
import { parseRequest, requireValidId } from './api-request.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { KnownGroups } from './known-groups.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

/** An entity answers within its backend's queue delay, seconds at most; a caller waits no longer than a gateway would. */
const OUTCOME_TIMEOUT_MS = 30_000;

/** ACISetState: marks a group for deletion, or as failed, and answers with the group after it. */
export function aciSetState(now: () => number, known: Pick<KnownGroups, 'forget'>): HttpFunction {
  return {
    name: 'ACISetState',
    methods: ['POST'],
    handle: async (request) => {
      const { state, ...id } = parseRequest(setStateRequestSchema, await request.json());
      requireValidId(id);
      const idempotencyKey = idempotencyKeyOf(request);
      const key = groupKey(id);
      const { client } = request;
      if ((await client.read(containerGroupEntity, key)) === undefined) {
        throw unknownGroup();
      }
      // The same key with another state is another command: the outcome of the first must not be taken for its own.
      const commandId = idempotencyKey === undefined ? crypto.randomUUID() : `${state} ${idempotencyKey}`;
      const command = { at: toInstant(now()), cause: request.cause, commandId };
      if (state === 'MarkedForDeletion') {
        await client.signal(containerGroupEntity, key, 'mark', command);
      } else {
        const failure = { code: 'setFailed', message: 'Set to Failed by a request to ACISetState.' } as const;
        await client.signal(containerGroupEntity, key, 'fail', { ...command, failure });
      }
      const group = await poll(OUTCOME_TIMEOUT_MS, async () => {
        const read = await client.read(containerGroupEntity, key);
        return read === undefined || read.outcomes.some((outcome) => outcome.commandId === commandId)
          ? (read ?? 'gone')
          : undefined;
      });
      if (group === undefined) {
        throw new Problem({
          code: 'commandPending',
          message: 'The command is stored and not applied yet. Ask again, with the same Idempotency-Key.',
        });
      }
      known.forget(key);
      if (group === 'gone') {
        throw unknownGroup();
      }
      const refusal = group.outcomes.find((outcome) => outcome.commandId === commandId)?.refusal;
      if (refusal !== undefined) {
        throw new Problem(refusal, { state: group.state });
      }
      return { jsonBody: toListItem(group) };
    },
  };
}

function unknownGroup(): Problem {
  return new Problem({ code: 'unknownGroup', message: 'There is no such container group.' });
}
