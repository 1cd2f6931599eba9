import type { DurableClient } from '../durable/durable-client.ts';
import { SEALING_CHECK_KEY, sealingCheckEntity } from '../contracts/sealing-check.ts';
import type { SealingVerdict } from '../security/sealing-mark.ts';

/** Judges what was kept of earlier starts by the keys of this one; undefined is the first start. */
export type JudgeSealingMark = (sealed: string | undefined) => SealingVerdict;

/**
 * Looks whether the keys of this start open what those of earlier starts sealed, and says so loudly when they do not: every
 * creation under way, and every container's token, was made with the earlier ones.
 */
export async function checkSealingKeys(
  client: DurableClient,
  judge: JudgeSealingMark,
  logError: (message: string) => void,
): Promise<void> {
  const verdict = await judgeKept(client, judge);
  if (verdict.keys === 'wrong') {
    logError(`ACI_SEALING_KEYS is wrong. ${verdict.message} Put the earlier key back, behind the new one.`);
  } else if (verdict.renewed !== undefined) {
    await client.signal(sealingCheckEntity, SEALING_CHECK_KEY, 'keep', { sealed: verdict.renewed });
  }
}

/** Anybody may ask for the health, as often as he likes; keys change with a restart. */
const LOOK_GOOD_FOR_MS = 60_000;

/**
 * Whether the keys of this start are those of earlier ones, looked up by whoever asks: on Flex Consumption HTTP functions run in other instances than
 * timers (https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#per-function-scaling), so that what a timer finds never comes to
 * them. A look is shared by those who ask meanwhile, and is good for a minute; one that fails is good for nobody else.
 */
export function createSealingHealth(
  judge: JudgeSealingMark,
  now: () => number,
): (client: DurableClient) => Promise<SealingVerdict['keys']> {
  let latest: { atMs: number; keys: Promise<SealingVerdict['keys']> } | undefined;
  return async (client) => {
    if (latest === undefined || now() - latest.atMs >= LOOK_GOOD_FOR_MS) {
      latest = { atMs: now(), keys: judgeKept(client, judge).then(({ keys }) => keys) };
    }
    const look = latest;
    try {
      return await look.keys;
    } catch (error) {
      latest = latest === look ? undefined : latest;
      throw error;
    }
  };
}

async function judgeKept(client: DurableClient, judge: JudgeSealingMark): Promise<SealingVerdict> {
  const kept = await client.read(sealingCheckEntity, SEALING_CHECK_KEY);
  return judge(kept?.sealed);
}
