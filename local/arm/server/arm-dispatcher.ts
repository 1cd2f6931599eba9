import { checkAuthorization } from '../identity/access-token.ts';
import type { AciProvider } from '../aci-provider.ts';
import {
  invalidApiVersionParameter,
  invalidResourceGroupName,
  invalidResourceType,
  missingApiVersionParameter,
  noRegisteredProviderFound,
  resourceGroupNotFound,
  subscriptionNotFound,
} from '../wire/arm-errors.ts';
import { type ArmError, type ArmReply, errorReply } from '../wire/arm-reply.ts';
import { findRoute, type RouteMatch } from './arm-routes.ts';
import { locationIn } from '../groups/put-body.ts';
import { answerLocalAdmin } from './local-admin.ts';
import { listRegions } from './regions.ts';
import { refuseUnknownRoute } from './unknown-route.ts';
import type { FaultControl } from '../faults/fault-control.ts';
import { answerFaultsEndpoint } from '../faults/faults-endpoint.ts';
import type { FaultedRequest, FaultInjector, InjectedFault } from '../faults/fault-injector.ts';
import { requestTarget } from '../faults/request-target.ts';
import type { SubscriptionThrottle } from './subscription-throttle.ts';

/** What came in, before anything is known about it. */
export interface IncomingArmRequest {
  method: string;
  url: URL;
  authorization: string | undefined;
  body: string;
  requestId: string;
  correlationId: string;
  clientRequestId: string;
}

/** Answers requests. */
export interface ArmDispatcher {
  dispatch(incoming: IncomingArmRequest): ArmReply | Promise<ArmReply>;
  /** How many requests of each kind came, like `PUT containerGroups`. */
  requestCounts(): Record<string, number>;
}

/** Creates what stands before the resource provider, as ARM does: who asks, in which version, about what, and how often. */
export function createArmDispatcher(dependencies: {
  provider: AciProvider;
  injector: FaultInjector;
  control: FaultControl;
  throttle: SubscriptionThrottle;
  signingKey: Buffer;
}): ArmDispatcher {
  const { provider, injector, control, throttle, signingKey } = dependencies;
  const counts = new Map<string, number>();
  return { dispatch, requestCounts: () => Object.fromEntries(counts) };

  function dispatch(incoming: IncomingArmRequest): ArmReply | Promise<ArmReply> {
    const { method, url } = incoming;
    const segments = url.pathname.split('/').filter(Boolean).map(decodeSegment);
    const match = findRoute(method, segments);
    count(match ? `${method} ${match.route.type}` : `${method} other`);
    const nowMs = provider.clock.now();
    const unauthorized = checkAuthorization(incoming.authorization, {
      endpoint: provider.endpoint,
      nowMs,
      key: signingKey,
    });
    if (unauthorized) return unauthorizedReply(unauthorized);
    if (!match) {
      const local =
        answerLocalAdmin(provider, method, segments) ?? answerFaultsEndpoint(control, method, segments, incoming.body);
      if (local) return local;
      return errorReply(refuseUnknownRoute({ method, url, segments }, provider.subscriptionId));
    }
    const error = checkApiVersion(match, incoming) ?? checkScope(match);
    if (error) return errorReply(error);
    const throttled = provider.faults().quotas === 'off' ? { headers: {} } : throttle.take(method, nowMs);
    const reply = 'error' in throttled && throttled.error ? errorReply(throttled.error) : handle(match, incoming);
    return { ...reply, headers: { ...throttled.headers, ...reply.headers } };
  }

  function handle({ route, parameters }: RouteMatch, incoming: IncomingArmRequest): ArmReply {
    const faulted = describe(route, parameters, incoming);
    const fault = injector.hit(faulted);
    const slowMs = injector.delayMs(faulted);
    const slowed = (reply: ArmReply): ArmReply =>
      slowMs === 0 ? reply : { ...reply, delayMs: (reply.delayMs ?? 0) + slowMs };
    if (fault && !fault.afterEffect) return slowed(faultReply(fault, incoming));
    const reply = route.handle(provider, { ...incoming, parameters });
    return slowed(fault ? faultReply(fault, incoming) : reply);
  }

  function describe(
    { operation }: RouteMatch['route'],
    parameters: RouteMatch['parameters'],
    { requestId, body }: IncomingArmRequest,
  ): FaultedRequest {
    const isPlain = provider.incidents.all().length === 0;
    const target = isPlain ? { name: parameters['name'] } : requestTarget(provider, operation, { parameters, body });
    return { requestId, target: { ...target, operation }, atMs: provider.clock.now() };
  }

  /** Resource Manager names the region where it knows it: that of the resource, or the one in the body. */
  function checkApiVersion({ route, parameters }: RouteMatch, { method, url, body }: IncomingArmRequest) {
    const apiVersion = url.searchParams.get('api-version');
    if (!apiVersion) return missingApiVersionParameter();
    const { apiVersions, resourceType: type } = route;
    if (apiVersions.includes(apiVersion.toLowerCase())) return undefined;
    if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/i.test(apiVersion)) return invalidApiVersionParameter(apiVersion, apiVersions);
    const existing = provider.groups.find(parameters['resourceGroup'] ?? '', parameters['name'] ?? '');
    const location = existing?.location ?? (method === 'PUT' ? locationIn(body) : '');
    return location === ''
      ? invalidResourceType({ type, apiVersions }, apiVersion)
      : noRegisteredProviderFound({ type, location }, apiVersion, { apiVersions, locations: listRegions() });
  }

  function checkScope({ parameters }: RouteMatch): ArmError | undefined {
    const subscription = parameters['subscription'] ?? '';
    if (subscription.toLowerCase() !== provider.subscriptionId.toLowerCase()) return subscriptionNotFound(subscription);
    const resourceGroup = parameters['resourceGroup'];
    if (resourceGroup === undefined) return undefined;
    if (!isResourceGroupName(resourceGroup)) return invalidResourceGroupName(resourceGroup);
    const known = provider.faults().resourceGroups;
    const exists = known?.some((name) => name.toLowerCase() === resourceGroup.toLowerCase()) ?? true;
    return exists ? undefined : resourceGroupNotFound(resourceGroup);
  }

  function count(kind: string): void {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
}

function faultReply({ error, echoesBody }: InjectedFault, { body }: IncomingArmRequest): ArmReply {
  if (!error) return { status: 0, isReset: true };
  return errorReply(echoesBody ? { ...error, message: `${error.message} ${body}` } : error);
}

function unauthorizedReply(error: ArmError): ArmReply {
  const reply = errorReply(error);
  const challenge = `Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="${error.code}"`;
  return { ...reply, headers: { 'WWW-Authenticate': challenge } };
}

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
function isResourceGroupName(name: string): boolean {
  return /^[\p{L}\p{N}_().-]{1,90}$/u.test(name) && !name.endsWith('.');
}

/** What can't be decoded stays as it is and is refused by the rules for names. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
