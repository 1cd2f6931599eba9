import type { QueryCosts } from './costs.ts';
import type { HubClient } from './hub-client.ts';

/** A client of a hub that counts what is read through it. */
export function countQueries(client: HubClient, queries: QueryCosts): HubClient {
  return {
    ...client,
    findInstance(instanceId) {
      queries.instanceReads += 1;
      return client.findInstance(instanceId);
    },
    history(instanceId) {
      const events = client.history(instanceId);
      queries.histories += 1;
      queries.historyRows += events.length;
      return events;
    },
    listInstances(...parameters) {
      const instances = client.listInstances(...parameters);
      queries.instanceLists += 1;
      queries.instanceRows += instances.length;
      return instances;
    },
    findEntity(entityInstanceId) {
      queries.entityReads += 1;
      return client.findEntity(entityInstanceId);
    },
    listEntities(...parameters) {
      const entities = client.listEntities(...parameters);
      queries.entityLists += 1;
      queries.entityRows += entities.length;
      return entities;
    },
  };
}
