import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAzureEnv } from '../../../../../local/cli/stack/azure-env.ts';

test('a shell reads back what was written, whatever the directory is called, and only its owner can', () => {
  const directory = mkdtempSync(join(tmpdir(), "azure-env's $HOME "));
  try {
    const azure = azureIn(directory);
    writeAzureEnv(directory, { ...azure, identityHeader: 'that of an earlier start' });
    const path = writeAzureEnv(directory, azure);
    const script = '. "$1"; printf "%s\n" "$AZURE_SUBSCRIPTION_ID" "$ACI_ARM_ENDPOINT" "$ARM_CA"; env';
    const lines = execFileSync('sh', ['-euc', script, 'sh', path], { encoding: 'utf8' }).split('\n');
    expect(lines.slice(0, 3)).toEqual([azure.subscriptionId, azure.endpoint, azure.caCertificatePath]);
    expect(lines).toContain(`IDENTITY_ENDPOINT=${azure.identityEndpoint}`);
    expect(lines).toContain('IDENTITY_HEADER=secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('an earlier file that others could read or that is a link elsewhere is no place for the secret', () => {
  const directory = mkdtempSync(join(tmpdir(), 'azure-env-'));
  try {
    const path = join(directory, 'azure.env');
    const elsewhere = join(directory, 'elsewhere');
    writeFileSync(elsewhere, 'x');
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    symlinkSync(elsewhere, `${path}.new`);
    writeAzureEnv(directory, azureIn(directory));
    expect(readFileSync(elsewhere, 'utf8')).toBe('x');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function azureIn(directory: string) {
  return {
    subscriptionId: 'subscription',
    endpoint: 'https://127.0.0.1:7443',
    caCertificatePath: join(directory, 'tls/ca.pem'),
    identityEndpoint: 'http://127.0.0.1:1/msi/token',
    identityHeader: 'secret',
  };
}
