import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { createSteadyClock } from '../clock/steady-clock.ts';
import { makeDirectory } from '../files/make-directory.ts';
import { FileHealth } from '../sqlite/file-health.ts';
import type { AciProvider } from './aci-provider.ts';
import { noteLostPrograms } from './containers/container-ends.ts';
import { simulatedContainers } from './containers/container-runtime.ts';
import { followGroups } from './containers/followed-groups.ts';
import { type ProgramOptions, startPrograms } from './containers/start-programs.ts';
import { createActivity } from './server/activity.ts';
import { openArmDatabase } from './server/arm-database.ts';
import { createArmDispatcher } from './server/arm-dispatcher.ts';
import { startArmServer } from './server/arm-server.ts';
import { createAsyncOperationStore } from './server/async-operation.ts';
import { loadCertificates } from './server/certificates.ts';
import { createEnvironmentSeal } from './groups/container-environment.ts';
import { createContainerGroupStore } from './groups/container-group-store.ts';
import { createEventGridPublisher } from './events/event-grid-publisher.ts';
import { createEventOutbox } from './events/event-outbox.ts';
import { createFaultControl } from './faults/fault-control.ts';
import { createFaultInjector } from './faults/fault-injector.ts';
import type { Faults } from './faults/faults.ts';
import { createIncidents } from './faults/incidents.ts';
import { createLaggingGroups } from './groups/lagging-groups.ts';
import { advanceGroups } from './groups/lifecycle/group-lifecycle.ts';
import { startIdentityEndpoint } from './identity/identity-endpoint.ts';
import { loadIdentitySecrets } from './identity/identity-secrets.ts';
import { createSeededRandom } from './faults/seeded-random.ts';
import { createSubscriptionThrottle } from './server/subscription-throttle.ts';
import { type ProfileName, timingProfiles } from './groups/lifecycle/timing-profile.ts';
import { createWakeUp } from './groups/lifecycle/wake-up.ts';
import { createWriteWindows } from './groups/write-window.ts';

/** What an emulator is started with. */
export interface ArmEmulatorOptions {
  /** 0 lets the system choose. */
  port: number;
  /** 0 lets the system choose. */
  identityPort: number;
  dataDirectory: string;
  clock: Clock;
  profile: ProfileName;
  faults: Faults;
  seed: number;
  subscriptionId: string;
  /** The programs that images `local/NAME` stand for; without it all containers are simulated, as a virtual clock needs it. */
  programs?: ProgramOptions;
  /** Takes a line for the user, about what happens to a group or what went wrong. */
  log: (line: string) => void;
}

/** A running emulator. */
export interface ArmEmulator {
  /** Like `https://127.0.0.1:7443`. */
  endpoint: string;
  caCertificatePath: string;
  /** PEM. */
  caCertificate: string;
  /** For `IDENTITY_ENDPOINT`. */
  identityEndpoint: string;
  /** For `IDENTITY_HEADER`. */
  identityHeader: string;
  /** Delivers events to a webhook from now on, after a handshake that is repeated until the webhook answers it. */
  publishTo(webhookUrl: string): void;
  /** Resolves when the handshake was made. */
  whenSubscribed(): Promise<void>;
  /** Resolves when nothing happens any more unless the clock moves or a request comes. */
  whenIdle(): Promise<void>;
  /** How many answers wait for the clock to move, each with a client that waits for it. */
  heldAnswers(): number;
  stop(): Promise<void>;
  /** Sets other faults; the times of their incidents count from now. */
  setFaults(faults: Faults): void;
  /** How many requests of each kind came, like `PUT containerGroups`. */
  requestCounts(): Record<string, number>;
  /** How many events wait for their delivery, and how many were given up. */
  eventCounts(): { pending: number; deadLetters: number };
}

/** What the emulator's clock has shown last is kept under this name. */
const CLOCK_SETTING = 'clockMs';

/** Operations can be asked about for a day. */
const OPERATION_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Starts the emulator of ARM's Microsoft.ContainerInstance over TLS on loopback, with a managed-identity endpoint beside it. All its
 * state is in `dataDirectory`; what was acknowledged outlives the process, however that ends, and goes on with the next start.
 */
export async function startArmEmulator(options: ArmEmulatorOptions): Promise<ArmEmulator> {
  const { dataDirectory, log, subscriptionId } = options;
  makeDirectory(dataDirectory);
  const certificates = await loadCertificates(join(dataDirectory, 'tls'), options.clock.now());
  const secrets = await loadIdentitySecrets(dataDirectory);
  const random = createSeededRandom(options.seed);
  const activity = createActivity();
  // Whatever can't be used, nothing is left listening.
  await using resources = new AsyncDisposableStack();
  const health = new FileHealth(options.clock, log);
  const database = resources.adopt(openArmDatabase(join(dataDirectory, 'arm.sqlite'), health), (each) => each.close());
  // Azure's clock is not that of this machine, and is never set back with it.
  const clock = createSteadyClock(options.clock, Number(database.setting(CLOCK_SETTING) ?? 0));
  const incidents = createIncidents(random);
  const injector = createFaultInjector(options.faults, random, incidents);
  const server = await startArmServer({ port: options.port, certificates, clock, random, activity, log });
  resources.defer(() => server.stop());
  const identity = await startIdentityEndpoint({
    port: options.identityPort,
    clock,
    faults: injector.faults,
    incidents,
    ...secrets,
  });
  resources.defer(() => identity.stop());

  const stored = createLaggingGroups(createContainerGroupStore(database), database, { clock, incidents });
  const groups = followGroups(stored);
  const operations = createAsyncOperationStore(database);
  const outbox = createEventOutbox(database);
  const publisher = createEventGridPublisher({ outbox, clock, random, activity, log });
  const endpoint = `https://127.0.0.1:${server.port}`;
  const environments = createEnvironmentSeal(secrets.signingKey);
  const programs = { clock, environments, provider: () => provider };
  const lifecycle = createWakeUp(clock, groups.nextDueMs, () => {
    advanceGroups(provider);
    database.keepSetting(CLOCK_SETTING, String(clock.now()));
    publisher.reschedule();
    groups.showTo(provider.containers);
  });
  const provider: AciProvider = {
    subscriptionId,
    endpoint,
    clock,
    random,
    timing: timingProfiles[options.profile],
    database,
    groups,
    containers: options.programs ? startPrograms(options.programs, programs) : simulatedContainers,
    operations,
    writes: createWriteWindows(database),
    environments,
    outbox,
    faults: injector.faults,
    incidents,
    log,
    changed: () => {
      groups.showTo(provider.containers);
      lifecycle.reschedule();
      publisher.reschedule();
    },
  };
  const control = createFaultControl(provider, injector);
  const throttle = createSubscriptionThrottle(subscriptionId, clock.now());
  const dispatcher = createArmDispatcher({ provider, injector, control, throttle, signingKey: secrets.signingKey });
  if (options.programs) noteLostPrograms(provider);
  operations.forgetBefore(clock.now() - OPERATION_LIFETIME_MS);
  control.set(options.faults);
  server.serve(dispatcher);
  resources.move();

  return {
    endpoint,
    caCertificatePath: certificates.caCertificatePath,
    caCertificate: certificates.caCertificate,
    identityEndpoint: identity.url,
    identityHeader: secrets.identityHeader,
    publishTo: publisher.publishTo,
    whenSubscribed: publisher.whenSubscribed,
    whenIdle,
    heldAnswers: server.heldAnswers,
    stop,
    setFaults: control.set,
    requestCounts: dispatcher.requestCounts,
    eventCounts: outbox.counts,
  };

  async function whenIdle(): Promise<void> {
    while (activity.isBusy() || lifecycle.isDue() || publisher.isDue() || control.isDue()) {
      await activity.whenQuiet();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function stop(): Promise<void> {
    health.stop();
    await provider.containers.stop();
    lifecycle.stop();
    control.stop();
    publisher.stop();
    await Promise.all([server.stop(), identity.stop()]);
    await activity.whenQuiet();
    database.close();
  }
}
