import { DefaultAzureCredential } from '@azure/identity';
import { createArmContainerGroups } from './aci/arm-container-groups.ts';
import { createRedactor } from './aci/redactor.ts';
import { attendSlowCreationsActivity } from './activities/attend-slow-creations.ts';
import { closeSeatsActivity } from './activities/close-seats.ts';
import { compareResourceGroupActivity } from './activities/compare-resource-group.ts';
import { confirmDeletionActivity } from './activities/confirm-deletion.ts';
import { createContainerGroupActivity, type UnsealSpec } from './activities/create-container-group.ts';
import { deleteContainerGroupResourceActivity } from './activities/delete-container-group-resource.ts';
import { enforceLimitsActivity } from './activities/enforce-limits.ts';
import { findGarbageActivity } from './activities/find-garbage.ts';
import { inspectContainerGroupsActivity } from './activities/inspect-container-groups.ts';
import { listResourceGroupsActivity } from './activities/list-resource-groups.ts';
import { lookAgainActivity } from './activities/look-again.ts';
import { openSeatsActivity } from './activities/open-seats.ts';
import { readContainerGroupActivity } from './activities/read-container-group.ts';
import { readDeletionsActivity } from './activities/read-deletions.ts';
import type { LastLinesSettings } from './activities/read-last-lines.ts';
import { startDeletionsActivity } from './activities/start-deletions.ts';
import { tagContainerGroupActivity } from './activities/tag-container-group.ts';
import { terminateProvisioningActivity } from './activities/terminate-provisioning.ts';
import { wakeProvisioningActivity } from './activities/wake-provisioning.ts';
import { BadSettingsError, parseConfig, type Config } from './config.ts';
import { containerGroupEntity } from './contracts/container-group.ts';
import {
  closeSeats,
  confirmDeletion,
  deleteContainerGroup,
  deleteContainerGroupResource,
  openSeats,
  rememberDeletion,
  terminateProvisioning,
  wakeProvisioning,
} from './contracts/deletion.ts';
import {
  attendSlowCreations,
  collectGarbage,
  enforceLimits,
  findGarbage,
  readDeletions,
  startDeletions,
} from './contracts/garbage-collection.ts';
import { inspect, inspectContainerGroups } from './contracts/inspection.ts';
import { createContainerGroup, provisionContainerGroup, readContainerGroup } from './contracts/provisioning.ts';
import {
  compareResourceGroup,
  listResourceGroups,
  lookAgain,
  reconcile,
  tagContainerGroup,
} from './contracts/reconciliation.ts';
import { sealingCheckEntity } from './contracts/sealing-check.ts';
import { seatBookEntity } from './contracts/seat-book.ts';
import { defined } from './domain/defined.ts';
import { groupKey, type GroupId } from './domain/group/group-id.ts';
import { registerActivity, registerEntity, registerOrchestrator } from './durable/register.ts';
import { containerGroupOperations, replyOfNewerGroup } from './entities/container-group.ts';
import { sealingCheckOperations } from './entities/sealing-check.ts';
import { seatBookOperations } from './entities/seat-book.ts';
import { orchestrateGarbageCollection } from './orchestrators/collect-garbage.ts';
import { orchestrateGarbageCollectionAs010 } from './orchestrators/collect-garbage-0.1.0.ts';
import { orchestrateDeletion } from './orchestrators/delete-container-group.ts';
import { orchestrateDeletionAs010 } from './orchestrators/delete-container-group-0.1.0.ts';
import { orchestrateInspection } from './orchestrators/inspect.ts';
import { orchestrateProvisioning } from './orchestrators/provision-container-group.ts';
import { orchestrateProvisioningAs010 } from './orchestrators/provision-container-group-0.1.0.ts';
import { orchestrateReconciliation } from './orchestrators/reconcile.ts';
import { orchestrateRememberedDeletion } from './orchestrators/remember-deletion.ts';
import { createTokenMint } from './security/container-token.ts';
import { createGate } from './security/gate.ts';
import { createReportGate } from './security/report-gate.ts';
import { sealSpec, unsealSpec } from './security/sealed-spec.ts';
import { createSealer } from './security/sealing.ts';
import { judgeSealingMark } from './security/sealing-mark.ts';
import { purgeDeadRows } from './triggers/dead-rows.ts';
import { purgeHistories, restartEternalOrchestrations } from './triggers/housekeeping.ts';
import { aciAllocate } from './triggers/http/aci-allocate.ts';
import { aciCreate } from './triggers/http/aci-create.ts';
import { aciDelete } from './triggers/http/aci-delete.ts';
import { aciDetails } from './triggers/http/aci-details.ts';
import { aciGC, aciGCReport } from './triggers/http/aci-gc.ts';
import { aciLease } from './triggers/http/aci-lease.ts';
import { aciList } from './triggers/http/aci-list.ts';
import { aciSetSessions } from './triggers/http/aci-set-sessions.ts';
import { aciSetState } from './triggers/http/aci-set-state.ts';
import { aciOperation } from './triggers/http/aci-operation.ts';
import { aciReport, aciReportState } from './triggers/http/aci-report.ts';
import { health } from './triggers/http/health.ts';
import { createKnownGroups } from './triggers/http/known-groups.ts';
import { createReception } from './triggers/http/reception.ts';
import { createReportOutbox } from './triggers/http/report-outbox.ts';
import { registerHttp, registerUnfit, type HttpFunction } from './triggers/http/register-http.ts';
import { registerMonitor, registerTimer } from './triggers/register-triggers.ts';
import { createSeatClerk } from './triggers/seats/seat-clerk.ts';
import { checkSealingKeys, createSealingHealth, type JudgeSealingMark } from './triggers/sealing-check.ts';

try {
  register(parseConfig(process.env));
} catch (error) {
  if (!(error instanceof BadSettingsError)) {
    throw error;
  }
  // The host would go on without a function, and only its log would tell why.
  // oxlint-disable-next-line no-console -- no function runs yet: what the worker prints is all that the host keeps in its log
  console.error(error.message);
  registerUnfit(error.settings);
}

/**
 * On Flex Consumption HTTP functions, timers, ACIMonitor and Durable's functions run in instances of their own, and there are several of each kind
 * (https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#per-function-scaling). So what they share here must not be a place where
 * one tells another something. Most of it keeps nothing; `memory` keeps what was read for a second; `clerk` asks for those who wait in this process, and the books check what it remembers; `receive` numbers reports for this process, which it names; the limits of rate in `reports`
 * hold for each instance, as SECURITY.md says; and `health` looks itself.
 */
function register(config: Config): void {
  const containerGroups = createArmContainerGroups({
    credential: new DefaultAzureCredential(),
    subscriptionId: config.subscriptionId,
    ...defined({ endpoint: config.armEndpoint, owner: config.owner }),
  });
  const sealer = createSealer(config.sealingKeys);
  const judge: JudgeSealingMark = (sealed) => judgeSealingMark(sealed, sealer);
  const tokens = createTokenMint(config.sealingKeys);
  const receive = createReception(now);
  const clerk = createSeatClerk(now);
  const memory = { known: createKnownGroups(now), outbox: createReportOutbox() };
  const reports = { now, receive, gate: createReportGate(tokens), tokens, memory, settings: config };

  const unseal: UnsealSpec = (spec, owner) => unsealSpec(spec, owner, sealer);

  registerEntity(containerGroupEntity, containerGroupOperations, replyOfNewerGroup);
  registerEntity(sealingCheckEntity, sealingCheckOperations, () => ({}));
  registerEntity(seatBookEntity, seatBookOperations(now), () => ({}));

  registerOrchestrator(provisionContainerGroup, {
    '0.1.0': orchestrateProvisioningAs010,
    '0.2.0': orchestrateProvisioning,
  });
  registerOrchestrator(deleteContainerGroup, { '0.1.0': orchestrateDeletionAs010, '0.2.0': orchestrateDeletion });
  registerOrchestrator(rememberDeletion, { '0.2.0': orchestrateRememberedDeletion });
  registerOrchestrator(collectGarbage, {
    '0.1.0': orchestrateGarbageCollectionAs010,
    '0.2.0': orchestrateGarbageCollection,
  });
  registerOrchestrator(reconcile, { '0.2.0': orchestrateReconciliation });
  registerOrchestrator(inspect, { '0.2.0': orchestrateInspection });

  registerActivity(createContainerGroup, createContainerGroupActivity(containerGroups, unseal));
  registerActivity(readContainerGroup, readContainerGroupActivity(containerGroups));
  registerActivity(deleteContainerGroupResource, deleteContainerGroupResourceActivity(containerGroups));
  registerActivity(wakeProvisioning, wakeProvisioningActivity);
  registerActivity(terminateProvisioning, terminateProvisioningActivity);
  registerActivity(closeSeats, closeSeatsActivity({ now }));
  registerActivity(openSeats, openSeatsActivity);
  registerActivity(confirmDeletion, confirmDeletionActivity);
  registerActivity(findGarbage, findGarbageActivity({ ...config, now }));
  registerActivity(attendSlowCreations, attendSlowCreationsActivity({ ...config, now }));
  registerActivity(enforceLimits, enforceLimitsActivity({ now }));
  registerActivity(startDeletions, startDeletionsActivity(config));
  registerActivity(readDeletions, readDeletionsActivity);
  const { resourceGroups } = config.creationPolicy;
  registerActivity(listResourceGroups, listResourceGroupsActivity({ ...config, resourceGroups }));
  registerActivity(compareResourceGroup, compareResourceGroupActivity(containerGroups, { ...config, now }));
  const tokenDigestOf = ({ incarnation, ...id }: GroupId & { incarnation: string }): string =>
    tokens.mint({ groupKey: groupKey(id), incarnation, generation: 1 }).digest;
  registerActivity(lookAgain, lookAgainActivity(containerGroups, { ...config, now, tokenDigestOf }));
  registerActivity(tagContainerGroup, tagContainerGroupActivity(containerGroups));
  const redactorOf: LastLinesSettings['redactorOf'] = (spec, { incarnation, token, ...id }) => {
    const generations = [token.generation, token.generation - 1];
    const known = generations.flatMap((generation) =>
      tokens.allOf({ groupKey: groupKey(id), incarnation, generation }),
    );
    return createRedactor(spec ?? {}, known);
  };
  registerActivity(
    inspectContainerGroups,
    inspectContainerGroupsActivity(containerGroups, { ...config, now, unsealSpec: unseal, redactorOf }),
  );

  const api: HttpFunction[] = [
    aciCreate(config, { sealSpec, sealer, tokens }),
    aciDelete(config, memory.known),
    aciDetails(containerGroups),
    aciList(config),
    aciSetSessions(receive, memory),
    aciSetState(now, memory.known),
    aciGC(),
    aciGCReport(),
    aciOperation(),
    aciAllocate(clerk, now),
    aciLease(clerk),
    aciReport(reports),
    aciReportState(reports),
    health(createSealingHealth(judge, now)),
  ];
  for (const each of api) {
    registerHttp(each, createGate(each.name, config));
  }

  registerMonitor({ containerGroups, now, ...config, allowedResourceGroups: resourceGroups });

  // A minute without the sweep is short beside its interval; at the first start the app has none to restart, and starts it.
  registerTimer('restartEternalOrchestrations', { schedule: '0 * * * * *', runOnStartup: true }, (client, log) =>
    restartEternalOrchestrations(client, { ...config, now, log }),
  );
  registerTimer('checkSealingKeys', { schedule: '0 */5 * * * *', runOnStartup: true }, (client, log) =>
    checkSealingKeys(client, judge, log.error),
  );
  registerTimer('purgeHistories', { schedule: '0 30 * * * *', runOnStartup: false }, (client, log) =>
    purgeHistories(client, { now, log: log.info, historyRetentionMs: config.historyRetentionMs }),
  );
  registerTimer('purgeDeadRows', { schedule: '0 15,45 * * * *', runOnStartup: false }, (client, log) =>
    purgeDeadRows(client, { now, log: log.info }),
  );
}

function now(): number {
  return Date.now();
}
