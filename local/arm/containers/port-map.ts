/** A port of a container, and the one of this machine's loopback address at which it is reached. */
export interface MappedPort {
  protocol: 'TCP' | 'UDP';
  port: number;
  mapped: number;
}

/** A port as a spec names it. */
export interface AskedPort {
  protocol?: string;
  port?: number;
}

/**
 * Mapped ports come from here: above what services usually have, and below what systems hand out by themselves, from 32768 on Linux
 * (docs.kernel.org/networking/ip-sysctl.html, ip_local_port_range) and from 49152 elsewhere (RFC 6335).
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Chooses a port of this machine for each that is asked for. One that was asked for before keeps its own; nobody has two of the same. */
export function mapPorts(
  asked: readonly AskedPort[],
  { before, taken, random }: { before: readonly MappedPort[]; taken: ReadonlySet<number>; random: () => number },
): MappedPort[] {
  const map: MappedPort[] = [];
  for (const { protocol, port } of asked.map(normalize)) {
    if (findMapped(map, { protocol, port })) continue;
    const mine = map.map(({ mapped }) => mapped);
    const kept = findMapped(before, { protocol, port })?.mapped;
    map.push({ protocol, port, mapped: kept ?? choosePort(new Set([...taken, ...mine]), random) });
  }
  return map;
}

/** Chooses a port that nobody is known to have. */
export function choosePort(taken: ReadonlySet<number>, random: () => number): number {
  const start = Math.floor(random() * PORTS);
  for (let offset = 0; offset < PORTS; offset++) {
    const port = FIRST_PORT + ((start + offset) % PORTS);
    if (!taken.has(port)) return port;
  }
  throw new Error(`All ${PORTS} ports from ${FIRST_PORT} are taken by containers.`);
}

/** Where a port is reached; undefined when it was not asked for. */
export function findMapped(map: readonly MappedPort[], asked: AskedPort): MappedPort | undefined {
  const { protocol, port } = normalize(asked);
  return map.find((mapped) => mapped.protocol === protocol && mapped.port === port);
}

/** TCP is what a port has without a protocol (Azure/azure-rest-api-specs, containerInstance.json, Port and ContainerPort). */
function normalize({ protocol = 'TCP', port = 0 }: AskedPort): Pick<MappedPort, 'protocol' | 'port'> {
  return { protocol: protocol.toUpperCase() === 'UDP' ? 'UDP' : 'TCP', port };
}
