import type { Failure } from '../domain/failure.ts';
import { replaceSecrets } from '../domain/spec/secret-fields.ts';
import { UnsealError, type Sealer } from './sealing.ts';

/** The spec with every secret sealed for its group: fit for histories, entities and logs. */
export function sealSpec<Spec>(spec: Spec, owner: string, sealer: Sealer): Spec {
  return replaceSecrets(spec, (secret) => sealer.seal(secret, owner));
}

/** The spec as ARM needs it, or why it can't be opened. What comes out must go nowhere but to ARM. */
export function unsealSpec<Spec>(
  spec: Spec,
  owner: string,
  sealer: Sealer,
): { ok: true; spec: Spec } | { ok: false; failure: Failure } {
  try {
    const open = (sealed: unknown): unknown => (typeof sealed === 'string' ? sealer.unseal(sealed, owner) : sealed);
    return { ok: true, spec: replaceSecrets(spec, open) };
  } catch (error) {
    if (!(error instanceof UnsealError)) {
      throw error;
    }
    return { ok: false, failure: { code: 'unsealFailed', message: error.message } };
  }
}
