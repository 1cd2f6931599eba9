/** What of the local Azure the app's process has to know. */
export interface LocalAzure {
  endpoint: string;
  caCertificatePath: string;
  identityEndpoint: string;
  identityHeader: string;
  subscriptionId: string;
  /** In use when the environment names none. */
  sealingKeys: string;
  /** The same of the name of the installation. */
  owner: string;
}

/**
 * Settings of a developer that would lead the app's identity or its requests elsewhere (@azure/identity, environment variables of
 * DefaultAzureCredential and its parts).
 */
const FOREIGN =
  /^(AZURE_CLIENT_.*|AZURE_TENANT_ID|AZURE_USERNAME|AZURE_PASSWORD|AZURE_AUTHORITY_HOST|AZURE_FEDERATED_TOKEN_FILE|AZURE_POD_IDENTITY_AUTHORITY_HOST|MSI_.*|IDENTITY_.*|IMDS_ENDPOINT|(HTTP|HTTPS|ALL|NO)_PROXY|ACI_LOCAL_.*)$/i;

/** Makes the environment of the app's process: the developer's own, with everything that points at Azure pointed here. */
export function makeHostEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  azure: LocalAzure,
): Record<string, string> {
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !FOREIGN.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    NODE_EXTRA_CA_CERTS: azure.caCertificatePath,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    IDENTITY_ENDPOINT: azure.identityEndpoint,
    IDENTITY_HEADER: azure.identityHeader,
    NO_PROXY: '127.0.0.1,localhost',
    ACI_SEALING_KEYS: own['ACI_SEALING_KEYS'] || azure.sealingKeys,
    ACI_OWNER: own['ACI_OWNER'] || azure.owner,
    AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
    ACI_ARM_ENDPOINT: azure.endpoint,
  };
}

/** The subscription in use when the environment names none. */
export const LOCAL_SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';
