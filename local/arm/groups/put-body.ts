import { invalidRequestContent } from '../wire/arm-errors.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import type { ContainerGroupBody } from '../wire/container-group-body.ts';
import { containerGroupShape, trackedResourceShape } from '../wire/container-group-shape.ts';
import { isJsonObject, type Json, parseJson } from '../wire/json.ts';
import { normalizeLocation } from '../server/regions.ts';
import { shapeValue, withoutSecrets } from '../wire/wire-shape.ts';

/** What a PUT asks for, and the same without its secrets; or why it can't be read. */
export type PutBody =
  | { ok: true; location: string; body: ContainerGroupBody; shown: ContainerGroupBody }
  | { ok: false; error: ArmError };

/** Reads the body of a PUT. Resource Manager judges its region before the provider reads the rest. */
export function readPutBody(text: string, checkLocation: (location: string) => ArmError | undefined): PutBody {
  const json = parseJson(text);
  if (json === undefined) return unreadable('Unexpected character encountered while parsing.');
  const tracked = shapeValue(json, trackedResourceShape, '');
  if (!tracked.ok) return unreadable(tracked.problem);
  const location = locationOf(tracked.value);
  const error = checkLocation(location);
  if (error) return { ok: false, error };
  const shaped = shapeValue(json, containerGroupShape, '');
  if (!shaped.ok) return unreadable(shaped.problem);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the shape is what this type describes
  const body = shaped.value as ContainerGroupBody;
  // oxlint-disable-next-line no-unsafe-type-assertion -- likewise
  const shown = (withoutSecrets(shaped.value, containerGroupShape) ?? {}) as ContainerGroupBody;
  return { ok: true, location, body, shown };
}

/** The region in the body of a request, in ARM's form; empty when there is none. */
export function locationIn(text: string): string {
  const tracked = shapeValue(parseJson(text) ?? null, trackedResourceShape, '');
  return tracked.ok ? locationOf(tracked.value) : '';
}

function locationOf(tracked: Json): string {
  const location = isJsonObject(tracked) ? tracked['location'] : undefined;
  return typeof location === 'string' ? normalizeLocation(location) : '';
}

function unreadable(problem: string): PutBody {
  return { ok: false, error: invalidRequestContent(problem) };
}
