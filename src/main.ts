import { DefaultAzureCredential } from '@azure/identity';
import { createArmContainerGroups } from './aci/arm-container-groups.ts';
import { createContainerGroupActivity } from './activities/create-container-group.ts';
import { deleteContainerGroupResourceActivity } from './activities/delete-container-group-resource.ts';
import { findGarbageActivity } from './activities/find-garbage.ts';
import { readContainerGroupActivity } from './activities/read-container-group.ts';
import { readDeletionsActivity } from './activities/read-deletions.ts';
import { startDeletionsActivity } from './activities/start-deletions.ts';
import { wakeProvisioningActivity } from './activities/wake-provisioning.ts';
import { parseConfig } from './config.ts';
import { containerGroupEntity } from './contracts/container-group.ts';
import { deleteContainerGroup, deleteContainerGroupResource, wakeProvisioning } from './contracts/deletion.ts';
import { collectGarbage, findGarbage, readDeletions, startDeletions } from './contracts/garbage-collection.ts';
import { createContainerGroup, provisionContainerGroup, readContainerGroup } from './contracts/provisioning.ts';
import { registerActivity, registerEntity, registerOrchestrator } from './durable/register.ts';
import { containerGroupOperations } from './entities/container-group.ts';
import { orchestrateGarbageCollection } from './orchestrators/collect-garbage.ts';
import { orchestrateDeletion } from './orchestrators/delete-container-group.ts';
import { orchestrateProvisioning } from './orchestrators/provision-container-group.ts';
import { createEventCounts } from './triggers/event-counts.ts';
import { purgeHistories, restartEternalOrchestrations } from './triggers/housekeeping.ts';
import { aciCreate } from './triggers/http/aci-create.ts';
import { aciDelete } from './triggers/http/aci-delete.ts';
import { aciDetails } from './triggers/http/aci-details.ts';
import { aciGC, aciGCReport } from './triggers/http/aci-gc.ts';
import { aciList } from './triggers/http/aci-list.ts';
import { aciSetSessions } from './triggers/http/aci-set-sessions.ts';
import { aciSetState } from './triggers/http/aci-set-state.ts';
import { health } from './triggers/http/health.ts';
import { registerHttp } from './triggers/http/register-http.ts';
import { registerMonitor, registerTimer } from './triggers/register-triggers.ts';

const config = parseConfig(process.env);
const now = (): number => Date.now();
const containerGroups = createArmContainerGroups({
  credential: new DefaultAzureCredential(),
  subscriptionId: config.subscriptionId,
  ...(config.armEndpoint === undefined ? {} : { endpoint: config.armEndpoint }),
});
const events = createEventCounts();

registerEntity(containerGroupEntity, containerGroupOperations);

registerOrchestrator(provisionContainerGroup, orchestrateProvisioning);
registerOrchestrator(deleteContainerGroup, orchestrateDeletion);
registerOrchestrator(collectGarbage, orchestrateGarbageCollection);

registerActivity(createContainerGroup, createContainerGroupActivity(containerGroups));
registerActivity(readContainerGroup, readContainerGroupActivity(containerGroups));
registerActivity(deleteContainerGroupResource, deleteContainerGroupResourceActivity(containerGroups));
registerActivity(wakeProvisioning, wakeProvisioningActivity);
registerActivity(findGarbage, findGarbageActivity({ ...config, now }));
registerActivity(startDeletions, startDeletionsActivity(config));
registerActivity(readDeletions, readDeletionsActivity);

registerHttp(aciCreate(config));
registerHttp(aciDelete(config));
registerHttp(aciDetails(containerGroups));
registerHttp(aciList());
registerHttp(aciSetSessions(now));
registerHttp(aciSetState(now));
registerHttp(aciGC());
registerHttp(aciGCReport());
registerHttp(health(events));

registerMonitor({ containerGroups, now }, events);

// A minute without the sweep is short beside its interval; at the first start the app has none to restart, and starts it.
registerTimer(
  'restartEternalOrchestrations',
  { schedule: '0 * * * * *', runOnStartup: true },
  restartEternalOrchestrations,
);
registerTimer('purgeHistories', { schedule: '0 30 3 * * *', runOnStartup: false }, (client) =>
  purgeHistories(client, { now, historyRetentionMs: config.historyRetentionMs }),
);
