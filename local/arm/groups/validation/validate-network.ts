import { invalidSpec } from '../../wire/aci-errors.ts';
import type { ArmError } from '../../wire/arm-reply.ts';
import type { GroupProperties, PortBody } from '../../wire/container-group-body.ts';

/** learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits */
const MAX_PORTS_PER_IP = 5;

/** The service's own text states the rule (derekbekoe/vscode-spot 37). */
const DNS_LABEL = /^[a-z][a-z0-9-]{3,61}[a-z0-9]$/;

/** Finds what is wrong with ports, the IP address and its name. Reserved ports pass: how strictly ACI enforces those is not known to us. */
export function validateNetwork(group: string, properties: GroupProperties): ArmError | undefined {
  for (const container of properties.containers ?? []) {
    const where = `in container '${container.name ?? ''}' of container group '${group}'`;
    const { ports = [], livenessProbe, readinessProbe } = container.properties ?? {};
    const probed = [livenessProbe, readinessProbe].flatMap((probe) => probe?.httpGet ?? []);
    const error = validatePorts(where, ports) ?? validatePortNumbers(`of a probe ${where}`, probed);
    if (error) return error;
  }
  return validateIpAddress(group, properties);
}

function validateIpAddress(group: string, properties: GroupProperties): ArmError | undefined {
  const { ipAddress, subnetIds } = properties;
  if (!ipAddress) return undefined;
  const ports = ipAddress.ports ?? [];
  if (ports.length === 0) {
    return invalidSpec(
      'MissingIpAddressPorts',
      `The ports in the 'ipAddress' of container group '${group}' cannot be empty.`,
    );
  }
  if (ipAddress.type !== 'Public' && ipAddress.type !== 'Private') {
    return invalidSpec(
      'InvalidIpAddressType',
      `The 'ipAddress.type' for container group '${group}' is invalid. The value must be one of 'Public,Private'.`,
    );
  }
  if (ports.length > MAX_PORTS_PER_IP) {
    return invalidSpec(
      'TooManyPorts',
      `The 'ipAddress' of container group '${group}' has '${ports.length}' ports, more than the limit of '${MAX_PORTS_PER_IP}'.`,
    );
  }
  if (ipAddress.type === 'Public' && (subnetIds ?? []).length > 0) {
    return invalidSpec(
      'InvalidIpAddressTypeForNetworkProfile',
      `IP Address type can't be public when the container group '${group}' is in a virtual network.`,
    );
  }
  return (
    validatePorts(`in the 'ipAddress' of container group '${group}'`, ports) ??
    validateDnsLabel(group, ipAddress.dnsNameLabel)
  );
}

function validatePorts(where: string, ports: readonly PortBody[]): ArmError | undefined {
  const seen = new Set<string>();
  for (const { port, protocol = 'TCP' } of ports) {
    const error = validatePortNumbers(where, [{ port }]);
    if (error) return error;
    if (protocol !== 'TCP' && protocol !== 'UDP') {
      return invalidSpec(
        'InvalidProtocol',
        `The protocol '${protocol}' ${where} is invalid. The value must be one of 'TCP,UDP'.`,
      );
    }
    if (seen.has(`${protocol}:${port}`)) {
      return invalidSpec('DuplicatePorts', `The port '${port}' ${where} is not unique.`);
    }
    seen.add(`${protocol}:${port}`);
  }
  return undefined;
}

function validatePortNumbers(where: string, ports: readonly { port?: number | undefined }[]): ArmError | undefined {
  const wrong = ports.find(({ port }) => port === undefined || port < 1 || port > 65_535);
  if (!wrong) return undefined;
  return invalidSpec(
    'InvalidPort',
    `The port '${wrong.port ?? '<null>'}' ${where} is invalid. It must be between 1 and 65535.`,
  );
}

function validateDnsLabel(group: string, label: string | undefined): ArmError | undefined {
  if (label === undefined || DNS_LABEL.test(label)) return undefined;
  return invalidSpec(
    'InvalidDnsNameLabel',
    `The DNS name label '${label}' in container group '${group}' is invalid. It can contain only lowercase letters, numbers and hyphens. ` +
      'The first character must be a letter. The last character must be a letter or number. The value must be between 5 and 63 ' +
      'characters long.',
  );
}
