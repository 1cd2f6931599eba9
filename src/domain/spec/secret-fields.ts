/** A place in a container group that holds secrets, and the fields there that hold none. */
interface SecretParent {
  /** Names, `[]` for each item of a list. */
  path: readonly string[];
  /** Everything else at this place is a secret, a field of an API newer than this table included. */
  plainFields: readonly string[];
}

/**
 * Where a container group holds secrets: the parents of what ARM never shows again and of what its schema marks as secret
 * (Microsoft.ContainerInstance 2023-05-01 in azure-rest-api-specs, containerInstance.json; the plain fields are those of
 * @azure/arm-containerinstance 9.1.0).
 */
const SECRET_PARENTS: readonly SecretParent[] = [
  { path: ['containers', '[]', 'environmentVariables', '[]'], plainFields: ['name', 'value'] },
  { path: ['initContainers', '[]', 'environmentVariables', '[]'], plainFields: ['name', 'value'] },
  { path: ['imageRegistryCredentials', '[]'], plainFields: ['server', 'username', 'identity', 'identityUrl'] },
  { path: ['volumes', '[]', 'azureFile'], plainFields: ['shareName', 'readOnly', 'storageAccountName'] },
  { path: ['volumes', '[]', 'secret'], plainFields: [] },
  { path: ['diagnostics', 'logAnalytics'], plainFields: ['workspaceId', 'logType', 'metadata'] },
  // A private repository is cloned with the credentials in its address
  // (https://learn.microsoft.com/azure/container-instances/container-instances-volume-gitrepo, "Private Git repo authentication").
  { path: ['volumes', '[]', 'gitRepo'], plainFields: ['directory', 'revision'] },
  { path: ['extensions', '[]'], plainFields: ['name', 'extensionType', 'version', 'settings', 'protectedSettings'] },
  { path: ['extensions', '[]', 'protectedSettings'], plainFields: [] },
];

/** A copy of a container group in which every secret is replaced by what `replace` makes of it; nothing else is changed. */
export function replaceSecrets<T>(group: T, replace: (secret: unknown) => unknown): T {
  const copy = structuredClone(group);
  for (const { path, plainFields } of SECRET_PARENTS) {
    for (const parent of parentsAt(copy, path)) {
      for (const [name, value] of Object.entries(parent)) {
        if (!plainFields.includes(name) && value !== undefined && value !== null) {
          parent[name] = replace(value);
        }
      }
    }
  }
  return copy;
}

function parentsAt(value: unknown, [step, ...rest]: readonly string[]): Record<string, unknown>[] {
  if (step === '[]') {
    return Array.isArray(value) ? value.flatMap((item) => parentsAt(item, rest)) : [];
  }
  if (!isRecord(value)) {
    return [];
  }
  return step === undefined ? [value] : parentsAt(value[step], rest);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
