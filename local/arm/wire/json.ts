/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [field: string]: Json;
}

/** Tells whether a JSON value is an object (an array is not). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON text; `undefined` when it is not JSON, which is an expected outcome for what comes from a client. */
export function parseJson(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- JSON.parse gives nothing but JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
