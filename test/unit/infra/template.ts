import { readFileSync } from 'node:fs';
import { z } from 'zod';

const parameter = z.looseObject({
  type: z.string().optional(),
  $ref: z.string().optional(),
  defaultValue: z.unknown().optional(),
  metadata: z.object({ description: z.string() }).optional(),
});

const resource = z.looseObject({
  type: z.string(),
  name: z.string(),
  apiVersion: z.string(),
  existing: z.boolean().optional(),
  '@options': z.object({ onlyIfNotExists: z.array(z.unknown()).optional() }).optional(),
  dependsOn: z.array(z.string()).optional(),
  // A text is an expression that makes all of them: what comes of it is in the scenarios.
  properties: z
    .looseObject({ template: z.unknown().optional() })
    .or(z.string().transform(() => undefined))
    .optional(),
});

const template = z.looseObject({
  languageVersion: z.string().optional(),
  functions: z.array(z.unknown()).optional(),
  parameters: z.record(z.string(), parameter).optional(),
  resources: z.union([z.array(resource), z.record(z.string(), resource)]),
  outputs: z.record(z.string(), z.looseObject({ type: z.string(), value: z.unknown().optional() })).optional(),
});

/** A resource of a compiled template. */
export type TemplateResource = z.infer<typeof resource>;

/** A template with its place among the nested ones: '' for the outermost, else the names of the deployments that lead to it. */
export interface PlacedTemplate {
  readonly path: string;
  readonly template: z.infer<typeof template>;
  readonly resources: readonly TemplateResource[];
}

/** The compiled template, and every template nested in it, outermost first. */
export function compiledTemplates(): PlacedTemplate[] {
  return unfold('', JSON.parse(readFileSync(new URL('../../../infra/azuredeploy.json', import.meta.url), 'utf8')));
}

function unfold(path: string, source: unknown): PlacedTemplate[] {
  const parsed = template.parse(source);
  const resources = Array.isArray(parsed.resources) ? parsed.resources : Object.values(parsed.resources);
  const nested = resources
    .filter(({ type }) => type === 'Microsoft.Resources/deployments')
    .flatMap(({ name, properties }) => unfold(`${path}/${name}`, properties?.template));
  return [{ path, template: parsed, resources }, ...nested];
}
