import type {
  ContainerGroup,
  ContainerGroupsGetResponse,
  ContainerPropertiesInstanceView,
} from '@azure/arm-containerinstance';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { faultsWith } from './faults-with.ts';
import { type ArmHarness, gameServer, openArmHarness } from './harness.ts';

/** Where the clock of a scene stands at first. */
export const START_MS = Date.now();

/** An instant emulator under a virtual clock, and what is asked of it most. */
export interface Scene extends ArmHarness {
  clock: VirtualClock;
  create(name: string, overrides?: Partial<ContainerGroup>): Promise<unknown>;
  get(name: string): Promise<ContainerGroupsGetResponse>;
}

/** Opens a scene with these incidents and no other fault. */
export async function openScene(...incidents: Parameters<typeof faultsWith>): Promise<Scene> {
  const clock = createVirtualClock({ startMs: START_MS });
  const harness = await openArmHarness({ clock, faults: faultsWith(...incidents) });
  return Object.assign(harness, {
    clock,
    create: (name: string, overrides: Partial<ContainerGroup> = {}) =>
      harness.client.containerGroups.beginCreateOrUpdate('games', name, gameServer(overrides)),
    get: (name: string) => harness.client.containerGroups.get('games', name),
  });
}

/** What is observed of a group's first container. */
export function instanceOf(group: ContainerGroup): ContainerPropertiesInstanceView | undefined {
  return group.containers[0]?.instanceView;
}
