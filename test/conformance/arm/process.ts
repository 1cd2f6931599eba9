import { startArmEmulator } from '../../../local/arm/arm-emulator.ts';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import { createRealClock } from '../../../local/clock/real-clock.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';

// An emulator in a process of its own, to be killed: arguments are the data directory, the port of the identity endpoint and the webhook.
const [dataDirectory = '', identityPort = '0', webhookUrl = ''] = process.argv.slice(2);

const arm = await startArmEmulator({
  port: 0,
  identityPort: Number(identityPort),
  dataDirectory,
  clock: createRealClock(),
  profile: 'fast',
  faults: { ...noFaults, quotas: 'off' },
  seed: 1,
  subscriptionId: SUBSCRIPTION_ID,
  log: () => undefined,
});
arm.publishTo(webhookUrl);
process.send?.({
  endpoint: arm.endpoint,
  caCertificate: arm.caCertificate,
  identityEndpoint: arm.identityEndpoint,
  identityHeader: arm.identityHeader,
});
