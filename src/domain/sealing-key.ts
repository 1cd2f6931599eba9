/** A key that seals secrets: 256 bits, with an id by which a sealed text says which key it needs. */
export interface SealingKey {
  id: string;
  key: Uint8Array;
}

/**
 * Reads `id:key[,id:key]`, newest first, keys in base64; undefined when any part is not of that form. Ids have 1 to 32
 * letters, digits, `-` and `_`, and stand in every sealed text: rotating is putting a new key in front.
 */
export function parseSealingKeys(text: string): [SealingKey, ...SealingKey[]] | undefined {
  const keys = text.split(',').map((part) => parseSealingKey(part.trim()));
  const [newest, ...older] = keys.filter((key) => key !== undefined);
  const ids = new Set(keys.map((key) => key?.id));
  return newest === undefined || older.length + 1 < keys.length || ids.size < keys.length
    ? undefined
    : [newest, ...older];
}

/** 43 digits of base64 and the sign that fills them up are 32 bytes. */
function parseSealingKey(part: string): SealingKey | undefined {
  const [, id, base64] = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(part) ?? [];
  if (id === undefined || base64 === undefined) {
    return undefined;
  }
  return { id, key: Uint8Array.from(atob(base64), (byte) => Number(byte.codePointAt(0))) };
}
