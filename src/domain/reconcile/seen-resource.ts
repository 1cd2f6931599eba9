import type { Endpoint } from '../group/container-group.ts';
import type { GroupId } from '../group/group-id.ts';
import type { SortedTags } from '../group/own-tags.ts';

/** What a list of ARM tells of a resource, as much of it as a comparison needs: a resource group can hold thousands. Lists have no instance view. */
export interface SeenResource extends GroupId {
  location: string;
  /** Pending, Creating, Repairing, Succeeded, Failed, … */
  provisioningState: string;
  endpoint: Endpoint;
  wantsPublicIP: boolean;
  tags: SortedTags;
}
