/** Names one entity: a function name in lower case, and a key whose case counts. */
export interface EntityId {
  name: string;
  key: string;
}

/** The instance id under which an entity is known: `@name@key`. */
export function toEntityInstanceId({ name, key }: EntityId): string {
  return `@${name.toLowerCase()}@${key}`;
}

/** Reads `@name@key`, where the key may hold further `@`; undefined when it has another form. */
export function parseEntityInstanceId(instanceId: string): EntityId | undefined {
  const separator = instanceId.indexOf('@', 1);
  if (!instanceId.startsWith('@') || separator < 2) return undefined;
  return { name: instanceId.slice(1, separator).toLowerCase(), key: instanceId.slice(separator + 1) };
}
