import { z } from 'zod';
import { faultProfiles } from './fault-profiles.ts';
import type { Faults } from './faults.ts';
import { faultsSchema } from './faults-schema.ts';
import { type Incident, incidentSchema } from './incident-schema.ts';

/** What was read as faults, and where it comes from, for messages. */
export interface FaultSource {
  name: string;
  input: unknown;
}

/** The faults cannot be used; the message names every wrong field. */
export class FaultsError extends Error {}

/** Adds faults up: a later source wins where two set the same thing, and incidents come together. Throws a `FaultsError`. */
export function parseFaults(sources: readonly FaultSource[]): Faults {
  const incidents: Incident[] = [];
  let merged: unknown = {};
  for (const { name, input } of sources) {
    incidents.push(...parse(faultsSchema, name, input).incidents);
    merged = merge(merged, input);
  }
  return { ...faultsSchema.parse(merged), incidents };
}

/** Reads incidents that come to those that there are. Throws a `FaultsError`. */
export function parseIncidents({ name, input }: FaultSource): Incident[] {
  return parse(z.strictObject({ incidents: z.array(incidentSchema).min(1) }), name, input).incidents;
}

/** The faults of a profile, or a `FaultsError` that names the profiles that there are. */
export function profileNamed(name: string): FaultSource {
  const input = faultProfiles[name];
  if (input) return { name, input };
  throw new FaultsError(`There is no fault profile '${name}'. There are ${Object.keys(faultProfiles).join(', ')}.`);
}

function parse<T>(schema: z.ZodType<T>, name: string, input: unknown): T {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  throw new FaultsError(`The faults in ${name} are wrong:\n${z.prettifyError(checked.error)}`);
}

function merge(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other;
  const merged: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) merged[name] = merge(one[name], value);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
