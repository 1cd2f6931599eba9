import {
  invalidResourceNamespace,
  invalidResourceType,
  methodNotAllowed,
  missingApiVersionParameter,
  operationNotEmulated,
  subscriptionNotFound,
} from '../wire/arm-errors.ts';
import type { ArmError } from '../wire/arm-reply.ts';
import { isRoute, resourceTypeOf } from './arm-routes.ts';

const NAMESPACE = 'microsoft.containerinstance';

/** What version 2023-05-01 of the provider has and the emulator has not, by type; the last part of an action is its name. */
const NOT_EMULATED: ReadonlySet<string> = new Set([
  'operations',
  'serviceassociationlinks',
  'containergroups/containers/attach',
  'containergroups/containers/exec',
]);

/**
 * Refuses a request that no route takes: as Resource Manager does, which knows neither the type nor the namespace; or with 501, when
 * Azure would answer it. Of the namespaces of Azure there is just the one here.
 */
export function refuseUnknownRoute(
  { method, url, segments }: { method: string; url: URL; segments: readonly string[] },
  subscriptionId: string,
): ArmError {
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, ...path] = at === -1 ? [] : segments.slice(at + 1);
  if (namespace === undefined) return operationNotEmulated(method, url.pathname);
  const [scope = '', subscription = ''] = segments;
  const isElsewhere =
    scope.toLowerCase() === 'subscriptions' && subscription.toLowerCase() !== subscriptionId.toLowerCase();
  if (isElsewhere) return subscriptionNotFound(subscription);
  const apiVersion = url.searchParams.get('api-version');
  if (!apiVersion) return missingApiVersionParameter();
  if (namespace.toLowerCase() !== NAMESPACE) return invalidResourceNamespace(namespace);
  if (isRoute(segments)) return methodNotAllowed(method);
  const type = resourceTypeOf(path);
  return NOT_EMULATED.has(type.toLowerCase())
    ? operationNotEmulated(method, url.pathname)
    : invalidResourceType(undefined, apiVersion);
}
