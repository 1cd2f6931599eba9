import { fileURLToPath } from 'node:url';
import { type ArmEmulator, startArmEmulator } from '../../arm/arm-emulator.ts';
import { createRealClock } from '../../clock/real-clock.ts';
import { writeAzureEnv } from './azure-env.ts';
import { printDays } from './day-line.ts';
import { takeDataDirectory } from './data-directory.ts';
import { LOCAL_SUBSCRIPTION_ID, makeHostEnvironment } from './host-environment.ts';
import { loadOwnerId } from './owner-id.ts';
import { readFaults } from '../options/read-faults.ts';
import { loadSealingKeys } from './sealing-key.ts';
import { StartError } from '../start-error.ts';
import type { StartOptions } from '../options/start-options.ts';

/** Images `local/NAME` are these. */
const PROGRAMS_DIRECTORY = fileURLToPath(new URL('../../../examples', import.meta.url));

/** The emulator, running in this process on a data directory, and what a host's process must be told about it. */
export interface StartedAzure extends AsyncDisposable {
  arm: ArmEmulator;
  /** Absolute. */
  dataDirectory: string;
  /** What another client of the emulator has to know, for a shell to read. */
  envFile: string;
  /** Of the process that runs the app. */
  environment: Record<string, string>;
}

/** Starts the emulator; disposing of what is returned ends it. Throws a `StartError` when an option doesn't allow it. */
export async function startAzure(options: StartOptions, print: (text: string) => void): Promise<StartedAzure> {
  await using resources = new AsyncDisposableStack();
  const faults = await readFaults(options.faults);
  const directory = takeDataDirectory(options.dataDir, options);
  resources.defer(() => directory.release());
  const own = process.env;
  const subscriptionId = own['AZURE_SUBSCRIPTION_ID'] || own['SUBSCRIPTIONID'] || LOCAL_SUBSCRIPTION_ID;
  resources.use(printDays(print));
  const arm = await startArm(options, {
    dataDirectory: directory.path,
    faults,
    subscriptionId,
    log: (line) => print(`${new Date().toISOString().slice(11, 23)} info  arm ${line}\n`),
  });
  resources.defer(() => arm.stop());
  const envFile = writeAzureEnv(directory.path, { ...arm, subscriptionId });
  const sealingKeys = loadSealingKeys(directory.path);
  const owner = loadOwnerId(directory.path);
  const environment = makeHostEnvironment(own, { ...arm, subscriptionId, sealingKeys, owner });
  const running = resources.move();
  return {
    arm,
    dataDirectory: directory.path,
    envFile,
    environment,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function startArm(
  { armPort, profile, seed }: StartOptions,
  rest: Pick<Parameters<typeof startArmEmulator>[0], 'dataDirectory' | 'faults' | 'subscriptionId' | 'log'>,
): Promise<ArmEmulator> {
  try {
    return await startArmEmulator({
      ...rest,
      port: armPort,
      identityPort: 0,
      profile,
      seed,
      clock: createRealClock(),
      programs: { directory: PROGRAMS_DIRECTORY },
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const reason = `Port ${armPort} for the ARM emulator is in use by another process. Stop that one, or choose another --arm-port.`;
    throw new StartError(reason, { cause: error });
  }
}
