import type { RegisteredFunction } from '../worker/function-registry.ts';

/**
 * Whether the app setting `AzureWebJobs.NAME.Disabled` turns the function off: it stays listed, but nothing triggers it
 * (learn.microsoft.com/azure/azure-functions/disable-function). Linux spells the dots as two underscores.
 */
export function isDisabled({ name }: RegisteredFunction): boolean {
  const value = process.env[`AzureWebJobs.${name}.Disabled`] ?? process.env[`AzureWebJobs__${name}__Disabled`];
  return value === '1' || value?.toLowerCase() === 'true';
}
