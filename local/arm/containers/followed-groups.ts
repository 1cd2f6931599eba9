import { type ContainerGroup, containerGroupKey } from '../groups/container-group.ts';
import type { ContainerGroupStore } from '../groups/container-group-store.ts';
import type { ContainerRuntime } from './container-runtime.ts';

/** A store that remembers which groups were written. */
export interface FollowedGroups extends ContainerGroupStore {
  /** Shows those groups, as they are stored now, to what runs their containers. Call it after a transaction. */
  showTo(containers: ContainerRuntime): void;
}

/** Watches a store: whoever writes a group, its containers follow. */
export function followGroups(store: ContainerGroupStore): FollowedGroups {
  const written = new Map<string, { resourceGroup: string; name: string }>();
  const remember = ({ resourceGroup, name }: ContainerGroup): void => {
    written.set(containerGroupKey(resourceGroup, name), { resourceGroup, name });
  };
  return {
    ...store,
    save: (group) => {
      remember(group);
      store.save(group);
    },
    remove: (group) => {
      remember(group);
      store.remove(group);
    },
    showTo: (containers) => {
      const ids = [...written.values()];
      written.clear();
      for (const id of ids) containers.follow(id, () => store.find(id.resourceGroup, id.name));
    },
  };
}
