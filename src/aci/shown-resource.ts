import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { replaceSecrets } from '../domain/secret-fields.ts';

/** What stands where a secret was. */
const HIDDEN = '***';

/**
 * The resource as an API answer may show it. ARM itself leaves secrets out of what it returns; this hides them again, since
 * a newer api-version may not.
 */
export function toShownResource(group: ArmContainerGroup): Record<string, unknown> {
  return replaceSecrets<Record<string, unknown>>({ ...group }, () => HIDDEN);
}
