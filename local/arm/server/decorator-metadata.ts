/*
 * @peculiar/x509 resolves its parts with tsyringe, which refuses to load without the Reflect metadata functions
 * (README of @peculiar/x509, "Reflect Polyfill Required"). These are the four that it calls; a whole polyfill is not worth a dependency.
 */

const metadata = new WeakMap<object, Map<unknown, unknown>>();

/** Adds the metadata functions that decorators of the time before the standard need to `Reflect`, unless they are there. */
export function installDecoratorMetadata(): void {
  if ('getMetadata' in Reflect) return;
  Object.assign(Reflect, {
    getMetadata: getOwn,
    getOwnMetadata: getOwn,
    hasOwnMetadata: hasOwn,
    defineMetadata: define,
  });
}

function getOwn(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function hasOwn(key: unknown, target: object): boolean {
  return metadata.get(target)?.has(key) ?? false;
}

function define(key: unknown, value: unknown, target: object): void {
  const entries = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, entries.set(key, value));
}
