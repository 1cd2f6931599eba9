import type { ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';

/** What answers as Azure does: Azure, or the emulator. */
export interface ArmTarget extends AsyncDisposable {
  client: ContainerInstanceManagementClient;
  resourceGroup: string;
  location: string;
  /** Of the names of this run, and of no others; small letters, digits and hyphens, 32 characters at most. */
  prefix: string;
  /** How often a poller of the SDK asks. */
  polling: { updateIntervalInMs: number };
  /** Returns the name of a group that may come to be, which is deleted at the end. */
  claim(name: string): string;
}

/** A good group, small and cheap: Microsoft's sample, which says in its log that it listens. */
export function helloWorld(location: string, overrides: Partial<ContainerGroup> = {}): ContainerGroup {
  return {
    location,
    osType: 'Linux',
    containers: [
      {
        name: 'server',
        image: HELLO_WORLD,
        resources: { requests: { cpu: 1, memoryInGB: 1 } },
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ],
    ipAddress: { type: 'Public', ports: [{ port: 80, protocol: 'TCP' }] },
    ...overrides,
  };
}

/** learn.microsoft.com/azure/container-instances/container-instances-quickstart */
export const HELLO_WORLD = 'mcr.microsoft.com/azuredocs/aci-helloworld:latest';
