import type { ArmError } from './arm-reply.ts';

/*
 * Codes and texts of ARM itself, which answer before a resource provider is asked. Sources: the ARM error pages
 * (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors, …/management/request-limits-and-throttling)
 * and the answers quoted in public issue trackers.
 */

/** The request has no `Authorization` header. */
export function authenticationFailed(): ArmError {
  return {
    status: 401,
    code: 'AuthenticationFailed',
    message: "Authentication failed. The 'Authorization' header is missing.",
  };
}

/** The bearer token is not one of ours. */
export function invalidAuthenticationToken(): ArmError {
  return { status: 401, code: 'InvalidAuthenticationToken', message: 'The access token is invalid.' };
}

/** The bearer token was issued for something other than management. */
export function invalidAuthenticationTokenAudience(audience: string, allowed: readonly string[]): ArmError {
  return {
    status: 401,
    code: 'InvalidAuthenticationTokenAudience',
    message:
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the ` +
      `allowed audiences '${allowed.join("','")}'.`,
  };
}

/** The bearer token was good once. */
export function expiredAuthenticationToken(expiredMs: number, nowMs: number): ArmError {
  return {
    status: 401,
    code: 'ExpiredAuthenticationToken',
    message:
      `The access token expiry UTC time '${new Date(expiredMs).toISOString()}' is earlier than current UTC time ` +
      `'${new Date(nowMs).toISOString()}'.`,
  };
}

/** The request does not say which version of the API it speaks. */
export function missingApiVersionParameter(): ArmError {
  return {
    status: 400,
    code: 'MissingApiVersionParameter',
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
  };
}

/** The version is not a date. */
export function invalidApiVersionParameter(apiVersion: string, supported: readonly string[]): ArmError {
  return {
    status: 400,
    code: 'InvalidApiVersionParameter',
    message: `The api-version '${apiVersion}' is invalid. The supported versions are '${supported.join(',')}'.`,
  };
}

/** The version is a date, but not one that this emulator speaks in that region (the text: Azure/azure-cli 30444). */
export function noRegisteredProviderFound(
  resource: { type: string; location: string },
  apiVersion: string,
  supported: { apiVersions: readonly string[]; locations: readonly string[] },
): ArmError {
  return {
    status: 400,
    code: 'NoRegisteredProviderFound',
    message:
      `No registered resource provider found for location '${resource.location}' and API version '${apiVersion}' for type ` +
      `'${resource.type}'. The supported api-versions are '${supported.apiVersions.join(', ')}'. The supported locations are ` +
      `'${supported.locations.join(', ')}'.`,
  };
}

/**
 * The provider has no such type, or not in the version that was asked for (the texts: Azure/azure-cli-extensions 8304 and
 * Azure/azure-cli 30530; the status: Azure/azure-cli 30714).
 */
export function invalidResourceType(
  known: { type: string; apiVersions: readonly string[] } | undefined,
  apiVersion: string,
): ArmError {
  const type = known ? `The resource type '${known.type}'` : 'The resource type';
  const supported = known ? ` The supported api-versions are '${known.apiVersions.join(',')}'.` : '';
  return {
    status: 404,
    code: 'InvalidResourceType',
    message: `${type} could not be found in the namespace 'Microsoft.ContainerInstance' for api version '${apiVersion}'.${supported}`,
  };
}

/** There is no such provider (the text: Azure/aci-connector-k8s 13). */
export function invalidResourceNamespace(namespace: string): ArmError {
  return {
    status: 404,
    code: 'InvalidResourceNamespace',
    message: `The resource namespace '${namespace}' is invalid.`,
  };
}

/** The path takes other methods. Seen of another provider (the text: Azure/azure-powershell 4247; the code: 9709), assumed of this one. */
export function methodNotAllowed(method: string): ArmError {
  return {
    status: 405,
    code: 'MethodNotAllowed',
    message: `The requested resource does not support http method '${method}'.`,
  };
}

/** The subscription is not the emulator's. */
export function subscriptionNotFound(subscriptionId: string): ArmError {
  return {
    status: 404,
    code: 'SubscriptionNotFound',
    message: `The subscription '${subscriptionId}' could not be found.`,
  };
}

/** The resource group is not in the list of those that exist. */
export function resourceGroupNotFound(resourceGroup: string): ArmError {
  return {
    status: 404,
    code: 'ResourceGroupNotFound',
    message: `Resource group '${resourceGroup}' could not be found.`,
  };
}

/** The resource group has a name that no resource group can have. */
export function invalidResourceGroupName(resourceGroup: string): ArmError {
  return {
    status: 400,
    code: 'InvalidResourceGroupName',
    message:
      `The provided resource group name '${resourceGroup}' is invalid. It can have 1 to 90 letters, digits, underscores, hyphens, ` +
      'periods and parentheses, and cannot end with a period.',
  };
}

/** There is no such container group. */
export function resourceNotFound(resourceGroup: string, name: string): ArmError {
  return {
    status: 404,
    code: 'ResourceNotFound',
    message:
      `The Resource 'Microsoft.ContainerInstance/containerGroups/${name}' under resource group '${resourceGroup}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  };
}

/** The body is not JSON, or a value in it has the wrong type. */
export function invalidRequestContent(detail: string): ArmError {
  return {
    status: 400,
    code: 'InvalidRequestContent',
    message: `The request content was invalid and could not be deserialized: '${detail}'.`,
  };
}

/** The body is larger than ARM takes, 4 MB (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-request-entity-too-large). */
export function requestContentTooLarge(maxBytes: number): ArmError {
  return {
    status: 413,
    code: 'RequestContentTooLarge',
    message: `The request content size exceeds the maximum size of '${maxBytes}' bytes.`,
  };
}

/** The body names no region. */
export function locationRequired(): ArmError {
  return { status: 400, code: 'LocationRequired', message: 'The location property is required for this definition.' };
}

/** The region does not exist, or has no container instances. */
export function locationNotAvailable(location: string, available: readonly string[]): ArmError {
  return {
    status: 400,
    code: 'LocationNotAvailableForResourceType',
    message:
      `The provided location '${location}' is not available for resource type 'Microsoft.ContainerInstance/containerGroups'. ` +
      `List of available regions for the resource type is '${available.join(',')}'.`,
  };
}

/** The group exists in another region. */
export function invalidResourceLocation(name: string, resourceGroup: string, current: string, asked: string): ArmError {
  return {
    status: 409,
    code: 'InvalidResourceLocation',
    message:
      `The resource '${name}' already exists in location '${current}' in resource group '${resourceGroup}'. A resource with the ` +
      `same name cannot be created in location '${asked}'. Please select a new resource name.`,
  };
}

/** A token bucket of ARM is empty. */
export function subscriptionRequestsThrottled(
  subscriptionId: string,
  kind: string,
  retryAfterSeconds: number,
): ArmError {
  return {
    status: 429,
    code: 'SubscriptionRequestsThrottled',
    message:
      `Number of '${kind}' requests for subscription '${subscriptionId}' exceeded the limit. Please try again after ` +
      `'${retryAfterSeconds}' seconds.`,
    retryAfterSeconds,
  };
}

/** The emulator does not have this part of the API: 501 is its own word, Azure never says it. */
export function operationNotEmulated(method: string, path: string): ArmError {
  return {
    status: 501,
    code: 'OperationNotEmulated',
    message:
      `The local ARM emulator does not implement ${method} ${path}. It has Microsoft.ContainerInstance/containerGroups (create, get, list, ` +
      'update tags, delete, start, stop, restart, outbound network dependencies, logs), location usages, capabilities and cached ' +
      'images, and operation results.',
  };
}
