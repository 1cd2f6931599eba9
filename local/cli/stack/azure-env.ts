import { join } from 'node:path';
import { writeOwnFile } from '../../files/own-file.ts';
import type { LocalAzure } from './host-environment.ts';

/**
 * Writes what another client of the emulator has to know into `azure.env`, for a shell to read, and says where that is. The port of the
 * identity endpoint is another one with each start.
 */
export function writeAzureEnv(dataDirectory: string, azure: Omit<LocalAzure, 'sealingKeys' | 'owner'>): string {
  const path = join(dataDirectory, 'azure.env');
  const variables = {
    AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
    ACI_ARM_ENDPOINT: azure.endpoint,
    // No setting of the app, which refuses those with `ACI_` that it does not know, should this shell run npm start.
    ARM_CA: azure.caCertificatePath,
    IDENTITY_ENDPOINT: azure.identityEndpoint,
    IDENTITY_HEADER: azure.identityHeader,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  writeOwnFile(path, lines.join(''));
  return path;
}

/** As one word of a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
