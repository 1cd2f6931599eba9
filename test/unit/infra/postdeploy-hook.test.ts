import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outputs = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  AZURE_RESOURCE_GROUP: 'rg-game servers',
  ACI_FUNCTION_APP: 'func-aci-x',
  ACI_KEY_VAULT: 'kv-aci-x',
  ACI_STORAGE_ACCOUNT: 'stacix',
  ACI_EVENTS_IDENTITY: 'id-aci-events-x',
  ACI_TARGET_RESOURCE_GROUPS_JSON: '["a group","b"]',
  ACI_SYSTEM_TOPICS_JSON: '["egst-a","egst-b"]',
  ACI_BASE_URL: 'https://func-aci-x.azurewebsites.net',
  ACI_KEY_COMMAND: 'az functionapp function keys list',
};

describe.skipIf(process.platform === 'win32')('the hook after `azd deploy`', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hook-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** An `az` that writes down its arguments, one a line, and ends as it is told for `az account show` and its first deployments. */
  function fakeAz(accountExitCode: number, failingDeployments = 0): void {
    program(
      'az',
      `for argument; do echo "$argument"; done >> "${folder}/calls"
      [ "$1" != account ] || exit ${accountExitCode}
      [ "$(grep -c '^deployment$' "${folder}/calls")" -gt ${failingDeployments} ]`,
    );
    program('sleep', `echo "$1" >> "${folder}/pauses"`);
  }

  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  const lines = (file: string): string[] => readFileSync(join(folder, file), 'utf8').trim().split('\n');

  function run(environment: Record<string, string> = outputs): string {
    return execFileSync('/bin/sh', ['infra/hooks/postdeploy.sh'], {
      cwd: root,
      env: { PATH: `${folder}:/usr/bin:/bin`, ...environment },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  it('deploys the wiring with what the provisioning put out, and says how to call the app', () => {
    fakeAz(0);
    const said = run();
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    expect(calls).toContain('infra/wiring.json');
    expect(calls).toContain('rg-game servers');
    expect(calls).toContain('targetResourceGroups=["a group","b"]');
    expect(calls).toContain('systemTopicNames=["egst-a","egst-b"]');
    expect(said).toContain('https://func-aci-x.azurewebsites.net');
  });

  it('asks to sign in, and deploys nothing, when nobody is', () => {
    fakeAz(1);
    expect(() => run()).toThrow(/az login.*azd hooks run postdeploy/);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).not.toContain('deployment');
  });

  it('tries again while the host does not know its functions', () => {
    fakeAz(0, 4);
    expect(run()).toContain('https://func-aci-x.azurewebsites.net');
    expect(lines('pauses')).toStrictEqual(['30', '30', '30', '30']);
  });

  it('gives up after five tries, and says how to repeat it', () => {
    fakeAz(0, 5);
    expect(() => run()).toThrow(/failed 5 times\. It can be repeated: 'azd hooks run postdeploy'/);
    expect(lines('calls').filter((argument) => argument === 'deployment')).toHaveLength(5);
  });

  it('does the same on Windows', () => {
    const windows = readFileSync(join(root, 'infra/hooks/postdeploy.ps1'), 'utf8');
    expect(windows).toMatch(/\$tries = 5\n\$waitSeconds = 30\n/);
    expect(windows).toContain('--template-file infra/wiring.json');
  });

  it('fails when an output is missing', () => {
    fakeAz(0);
    const { ACI_KEY_VAULT: _, ...incomplete } = outputs;
    expect(() => run(incomplete)).toThrow('ACI_KEY_VAULT');
  });
});
