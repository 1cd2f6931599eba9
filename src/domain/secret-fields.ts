/** A path into a container group spec: names, `[]` for each item of a list, `*` for each value of a record. */
export type SecretPath = readonly string[];

/**
 * Every field of a container group that holds a secret: what ARM never shows again, plus the one that the schema marks as
 * a secret besides (x-ms-secret and write-only fields of Microsoft.ContainerInstance 2023-05-01, azure-rest-api-specs,
 * containerInstance.json).
 */
export const SECRET_PATHS: readonly SecretPath[] = [
  ['containers', '[]', 'environmentVariables', '[]', 'secureValue'],
  ['initContainers', '[]', 'environmentVariables', '[]', 'secureValue'],
  ['imageRegistryCredentials', '[]', 'password'],
  ['volumes', '[]', 'azureFile', 'storageAccountKey'],
  ['volumes', '[]', 'secret', '*'],
  ['diagnostics', 'logAnalytics', 'workspaceKey'],
  ['diagnostics', 'logAnalytics', 'workspaceResourceId'],
  ['extensions', '[]', 'protectedSettings', '*'],
];

/** The fields of a spec that hold a secret, as field names: `containerGroup.volumes[0].secret.token`. */
export function findSecretFields(spec: unknown, root: string): string[] {
  return SECRET_PATHS.flatMap((path) => find(spec, path, root));
}

function find(value: unknown, path: SecretPath, at: string): string[] {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value === undefined ? [] : [at];
  }
  if (step === '[]') {
    return Array.isArray(value) ? value.flatMap((item, index) => find(item, rest, `${at}[${index}]`)) : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const entries = Object.entries(value).filter(([name]) => step === '*' || name === step);
  return entries.flatMap(([name, item]) => find(item, rest, `${at}.${name}`));
}
