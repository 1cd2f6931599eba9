import type { ContainerGroup as ArmContainerGroup } from '@azure/arm-containerinstance';
import { hideAddressCredentials } from '../domain/address-credentials.ts';
import { replaceSecrets } from '../domain/spec/secret-fields.ts';

/** What stands where a secret was. */
const HIDDEN = '***';

/** Where an instance view says in words what happened, which may repeat the address of a private repository. */
const WORDS = new Set(['message', 'detailStatus']);

/**
 * The resource as an API answer may show it. ARM itself leaves secrets out of what it returns; this hides them again, since
 * a newer api-version may not.
 */
export function toShownResource(group: ArmContainerGroup): Record<string, unknown> {
  const shown = replaceSecrets<Record<string, unknown>>({ ...group }, () => HIDDEN);
  hideInWords(shown);
  return shown;
}

function hideInWords(parent: object): void {
  const fields: [string, unknown][] = Object.entries(parent);
  for (const [name, value] of fields) {
    if (typeof value === 'string' && WORDS.has(name)) {
      Object.assign(parent, { [name]: hideAddressCredentials(value) });
    } else if (typeof value === 'object' && value !== null) {
      hideInWords(value);
    }
  }
}
