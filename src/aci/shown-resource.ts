import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { SECRET_PATHS, type SecretPath } from '../domain/secret-fields.ts';

/** What stands where a secret was. */
const HIDDEN = '***';

/**
 * The resource as an API answer may show it. ARM itself leaves secrets out of what it returns; this hides them again, since
 * a newer api-version may not.
 */
export function toShownResource(group: ArmContainerGroup): Record<string, unknown> {
  const shown: Record<string, unknown> = structuredClone({ ...group });
  for (const path of SECRET_PATHS) {
    hide(shown, path);
  }
  return shown;
}

function hide(value: unknown, [step, ...rest]: SecretPath): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown) => hide(item, rest));
    return;
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    if (step !== '*' && step !== name) {
      continue;
    }
    if (rest.length === 0) {
      Object.assign(value, { [name]: HIDDEN });
    } else {
      hide(item, rest);
    }
  }
}
