import { expect, test } from 'vitest';
import { makeHostEnvironment } from '../../../../../local/cli/stack/host-environment.ts';

const azure = {
  endpoint: 'https://127.0.0.1:7443',
  caCertificatePath: '/data/tls/ca.pem',
  identityEndpoint: 'http://127.0.0.1:9/msi/token',
  identityHeader: 'secret',
  subscriptionId: 'sub',
  sealingKeys: 'local-1:key',
  owner: 'local-1',
};

test('everything about Azure points at this machine', () => {
  expect(makeHostEnvironment({}, azure)).toEqual({
    NODE_EXTRA_CA_CERTS: '/data/tls/ca.pem',
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    IDENTITY_ENDPOINT: 'http://127.0.0.1:9/msi/token',
    IDENTITY_HEADER: 'secret',
    NO_PROXY: '127.0.0.1,localhost',
    ACI_SEALING_KEYS: 'local-1:key',
    ACI_OWNER: 'local-1',
    AZURE_SUBSCRIPTION_ID: 'sub',
    ACI_ARM_ENDPOINT: 'https://127.0.0.1:7443',
  });
});

test.each([
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_TENANT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
  'MSI_ENDPOINT',
  'HTTPS_PROXY',
  'http_proxy',
  'no_proxy',
  'ACI_LOCAL_PORT',
])('a developer’s own %s does not reach the app', (name) => {
  expect(makeHostEnvironment({ [name]: 'theirs' }, azure)).not.toHaveProperty(name);
});

test('everything else does', () => {
  const own = { PATH: '/bin', ACI_SWEEP_INTERVAL: 'PT1M', AZURE_FUNCTIONS_ENVIRONMENT: 'Development', GONE: undefined };
  const environment = makeHostEnvironment(own, azure);
  expect(environment).toMatchObject({
    PATH: '/bin',
    ACI_SWEEP_INTERVAL: 'PT1M',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
  });
  expect(environment).not.toHaveProperty('GONE');
});
