import type { DurableClient } from '../durable/durable-client.ts';
import { SEALING_CHECK_KEY, sealingCheckEntity } from '../contracts/sealing-check.ts';
import type { SealingVerdict } from '../security/sealing-mark.ts';

/** What is known of the sealing keys; undefined until the first look, which comes right after the start. */
export interface SealingHealth {
  /** What is wrong with the keys; undefined while nothing is. */
  fault: string | undefined;
}

/**
 * Looks whether the keys of this start open what those of earlier starts sealed, and says so loudly when they do not: every
 * creation under way, and every container's token, was made with the earlier ones.
 */
export async function checkSealingKeys(
  client: DurableClient,
  judge: (sealed: string | undefined) => SealingVerdict,
  health: SealingHealth,
  logError: (message: string) => void,
): Promise<void> {
  const kept = await client.read(sealingCheckEntity, SEALING_CHECK_KEY);
  const verdict = judge(kept?.sealed);
  if (verdict.keys === 'wrong') {
    health.fault = `ACI_SEALING_KEYS is wrong. ${verdict.message} Put the earlier key back, behind the new one.`;
    logError(health.fault);
    return;
  }
  health.fault = undefined;
  if (verdict.renewed !== undefined) {
    await client.signal(sealingCheckEntity, SEALING_CHECK_KEY, 'keep', { sealed: verdict.renewed });
  }
}
