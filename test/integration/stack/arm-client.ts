import { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { ManagedIdentityCredential } from '@azure/identity';
import type { ArmEmulator } from '../../../local/arm/arm-emulator.ts';

/** The subscription that the app and the emulator share. */
export const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';

/** ARM as somebody else sees it, past the app. */
export function createArmClient(arm: ArmEmulator): ContainerInstanceManagementClient {
  return new ContainerInstanceManagementClient(new ManagedIdentityCredential(), SUBSCRIPTION_ID, {
    endpoint: arm.endpoint,
  });
}

/** The names of all container groups that ARM has. */
export async function namesInArm(arm: ArmEmulator): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of createArmClient(arm).containerGroups.list()) {
    found.push(name ?? '');
  }
  return found;
}

/**
 * The result of an operation of ARM that takes its time: moves the clock in small steps once the request has reached ARM,
 * which its counts tell, and lets it stand until then.
 */
export async function completed<T>(
  { arm, advance }: { arm: ArmEmulator; advance(ms: number): Promise<void> },
  begin: () => Promise<T>,
): Promise<T> {
  const before = JSON.stringify(arm.requestCounts());
  const state = { isOver: false };
  const end = (): void => {
    state.isOver = true;
  };
  const operation = begin();
  operation.then(end, end);
  while (!state.isOver && JSON.stringify(arm.requestCounts()) === before) {
    await nextTurn();
  }
  while (!state.isOver) {
    await advance(STEP_MS);
    await nextTurn();
  }
  return operation;
}

/** Short beside every wait of the app, so that little happens by the way. */
const STEP_MS = 100;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
