import { UnsealError, type Sealer } from './sealing.ts';

/** What a sealed mark tells of the keys in use: they opened it, it wants a newer key, or they are not the ones that sealed it. */
export type SealingVerdict = { keys: 'right'; renewed?: string } | { keys: 'wrong'; message: string };

const OWNER = 'sealing-check';
const MARK = 'This text is no secret.';

/** Judges the mark that was kept; undefined is the first start. A mark of an older key is renewed, so that that key may go. */
export function judgeSealingMark(sealed: string | undefined, sealer: Sealer): SealingVerdict {
  const renewed = sealer.seal(MARK, OWNER);
  if (sealed === undefined) {
    return { keys: 'right', renewed };
  }
  try {
    sealer.unseal(sealed, OWNER);
  } catch (error) {
    if (!(error instanceof UnsealError)) {
      throw error;
    }
    return { keys: 'wrong', message: error.message };
  }
  return keyIdOf(sealed) === keyIdOf(renewed) ? { keys: 'right' } : { keys: 'right', renewed };
}

function keyIdOf(sealed: string): string | undefined {
  return sealed.split(':')[2];
}
