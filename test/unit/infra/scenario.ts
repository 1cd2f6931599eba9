import { readFileSync } from 'node:fs';
import { z } from 'zod';

const predicted = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  apiVersion: z.string(),
  location: z.string().optional(),
  properties: z.looseObject({}).optional(),
});

const snapshot = z.object({
  predictedResources: z.array(predicted),
  diagnostics: z.array(z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
});

/** A resource that Resource Manager would be asked for. What only Azure knows is left as an expression in brackets. */
export type PredictedResource = z.infer<typeof predicted>;

/** The scenarios of infra/scenarios: parameters, and what comes of them. */
export const scenarios = ['one-click', 'no-code', 'everything', 'scheduler-consumption'] as const;

/** What Resource Manager would be asked for in a scenario, as infra/check keeps it current. */
export function scenario(name: (typeof scenarios)[number]): z.infer<typeof snapshot> {
  const path = new URL(`../../../infra/scenarios/${name}.snapshot.json`, import.meta.url);
  return snapshot.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The resources of one type in a scenario. */
export function resourcesOf(name: (typeof scenarios)[number], type: string): PredictedResource[] {
  return scenario(name).predictedResources.filter((resource) => resource.type === type);
}
