import type { ArmError } from './arm-reply.ts';

/*
 * Codes and texts of Microsoft.ContainerInstance. Those with a link to nothing are from
 * learn.microsoft.com/troubleshoot/azure/azure-container-instances and the answers quoted in public issue trackers
 * (hashicorp/terraform-provider-azurerm 1697 and 11102, MicrosoftLearning/mslearn-azure-developer 67, derekbekoe/vscode-spot 37,
 * shahiddev/docker-k8s-workshop 2, MicrosoftDocs/azure-docs 29780 and 37604). No answer of the service that was seen has a `target`.
 */

/** A field's value breaks a rule; `code` says which. */
export function invalidSpec(code: string, message: string): ArmError {
  return { status: 400, code, message };
}

/** The priority is none of the two (learn.microsoft.com/troubleshoot/azure/azure-container-instances/configuration-setup/error-codes-spot-container-creation). */
export function priorityNotSpecified(name: string): ArmError {
  return invalidSpec(
    'PriorityNotSpecified',
    `The 'Priority' must be one of 'Regular,Spot' for container group '${name}'.`,
  );
}

/** A Spot group has an address or is in a virtual network (the same page). */
export function spotNotSupportedForInboundConnectivity(): ArmError {
  return invalidSpec(
    'SpotPriorityContainerGroupNotSupportedForInboundConnectivity',
    'Spot Priority is not supported for container groups with inbound connectivity.',
  );
}

/** A Spot group has another SKU than the standard one (the same page). */
export function spotNotSupportedInSku(sku: string): ArmError {
  return invalidSpec(
    'SpotPriorityContainerGroupNotSupportedInSku',
    `Spot Priority Container Group is not supported in '${sku}' Sku.`,
  );
}

/** Another operation runs on the group. */
export function containerGroupTransitioning(name: string): ArmError {
  return {
    status: 409,
    code: 'ContainerGroupTransitioning',
    message: `The container group '${name}' is still transitioning, please retry later.`,
  };
}

/** An update changes what can't be changed. */
export function invalidContainerGroupUpdate(name: string): ArmError {
  return {
    status: 400,
    code: 'InvalidContainerGroupUpdate',
    message:
      `The updates on container group '${name}' are invalid. If you are going to update the os type, restart policy, network profile, ` +
      'CPU, memory or GPU resources for a container group, you must delete it first and then create a new one.',
  };
}

/** The registry knows no such image, or does not show it to us. */
export function inaccessibleImage(image: string, name: string): ArmError {
  return {
    status: 400,
    code: 'InaccessibleImage',
    message: `The image '${image}' in container group '${name}' is not accessible. Please check the image and registry credential.`,
  };
}

/** The region has no room. */
export function serviceUnavailable(location: string, cpu: number, memoryInGB: number, osType: string): ArmError {
  return {
    status: 409,
    code: 'ServiceUnavailable',
    message:
      `The requested resource is not available in the location '${location}' at this moment. Please retry with a different resource ` +
      `request or in another location. Resource requested: '${cpu}' CPU '${memoryInGB}' GB memory '${osType}' OS`,
  };
}

/** The subscription has used up what it may have in the region. */
export function containerGroupQuotaReached(
  quota: string,
  location: string,
  counts: { limit: number; usage: number; requested: number },
): ArmError {
  return {
    status: 400,
    code: 'ContainerGroupQuotaReached',
    message:
      `Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota '${quota}' exceeded in region '${location}'. ` +
      `Limit: '${counts.limit}', Usage: '${counts.usage}' Requested: '${counts.requested}'.`,
  };
}

/** Too many creates or deletes in a window of time. */
export function tooManyRequests(action: string, limit: number, interval: string, retryAfterSeconds: number): ArmError {
  return {
    status: 429,
    code: 'TooManyRequests',
    message:
      `Number of requests for action '${action}' exceeded the limit of '${limit}' for time interval '${interval}'. ` +
      `Please try again after '${Number((retryAfterSeconds / 60).toFixed(2))}' minutes.`,
    retryAfterSeconds,
  };
}

/** The label belongs to another group of the region. */
export function dnsNameLabelNotAvailable(label: string, name: string): ArmError {
  return {
    status: 400,
    code: 'DnsNameLabelNotAvailable',
    message: `The DNS name label '${label}' in container group '${name}' not available. Try using a different label.`,
  };
}

/** Logs were asked for before the containers exist. */
export function containerGroupDeploymentNotReady(name: string): ArmError {
  return {
    status: 409,
    code: 'ContainerGroupDeploymentNotReady',
    message: `The container group '${name}' is not ready.`,
  };
}

/** The container has not written anything that could be shown. */
export function containerLogNotAvailable(container: string, name: string): ArmError {
  return {
    status: 409,
    code: 'ContainerLogNotAvailable',
    message: `The logs of container '${container}' in container group '${name}' are not available.`,
  };
}

/** The group has no container of that name. The service's own code for this is not known to us; ARM's word for what is absent is used. */
export function containerNotFound(container: string, name: string): ArmError {
  return {
    status: 404,
    code: 'ResourceNotFound',
    message: `The container '${container}' in container group '${name}' was not found.`,
  };
}
