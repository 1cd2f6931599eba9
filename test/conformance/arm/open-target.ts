import { openAzure, readAzureSettings } from './azure.ts';
import { FAST_POLLING, openArmHarness } from './harness.ts';
import type { ArmTarget } from './target.ts';

/** With `AZURE_LIVE=1` Azure itself, where and as the environment says; else an emulator of its own. */
export async function openTarget(): Promise<ArmTarget> {
  if (process.env['AZURE_LIVE'] !== '1') return openEmulator();
  const read = readAzureSettings(process.env);
  if (!read.ok) throw new Error(read.missing);
  return openAzure(read.settings);
}

async function openEmulator(): Promise<ArmTarget> {
  const harness = await openArmHarness();
  return {
    client: harness.client,
    resourceGroup: 'games',
    location: 'westeurope',
    prefix: 'aci-conformance',
    polling: FAST_POLLING,
    claim: (name) => name,
    [Symbol.asyncDispose]: () => harness[Symbol.asyncDispose](),
  };
}
