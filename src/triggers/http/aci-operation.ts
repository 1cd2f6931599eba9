import { deleteContainerGroup } from '../../contracts/deletion.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { operationRequestSchema } from '../../contracts/http-api.ts';
import { provisionContainerGroup } from '../../contracts/provisioning.ts';
import { defined } from '../../domain/defined.ts';
import { checkGroupId } from '../../domain/spec/azure-names.ts';
import { endedWithoutOutcome } from './accepted.ts';
import { parseRequest } from './api-request.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

/** ACIOperation: how a creation or a deletion goes. It knows our own two kinds of operation, and its URL holds no key. */
export function aciOperation(): HttpFunction {
  return {
    name: 'ACIOperation',
    methods: ['GET'],
    handle: async ({ client, query }) => {
      const { id } = parseRequest(operationRequestSchema, query);
      const instance = await find(client, id);
      if (instance === undefined) {
        throw new Problem({ code: 'unknownOperation', message: 'There is no such operation, or it ended long ago.' });
      }
      const { runtimeStatus, createdTime, status, output, isFinished } = instance;
      if (isFinished && output === undefined) {
        throw new Problem(endedWithoutOutcome(instance), { id, runtimeStatus, createdTime });
      }
      const jsonBody = {
        id,
        runtimeStatus,
        createdTime,
        ...status,
        ...defined({ outcome: output }),
      };
      return isFinished ? { jsonBody } : { status: 202, headers: { 'Retry-After': '5' }, jsonBody };
    },
  };
}

async function find(client: DurableClient, id: string) {
  const [, kind, resourceGroup = '', containerGroupName = ''] = /^(provision|delete):([^:]+):([^:]+)$/.exec(id) ?? [];
  const isOurs =
    kind !== undefined && id === id.toLowerCase() && checkGroupId({ resourceGroup, containerGroupName }).length === 0;
  if (!isOurs) {
    return undefined;
  }
  return kind === 'provision' ? client.status(provisionContainerGroup, id) : client.status(deleteContainerGroup, id);
}
