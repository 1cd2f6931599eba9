import type { MappedPort } from './port-map.ts';

/** What every program of this machine needs to run at all. */
const OF_THE_MACHINE = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'SystemRoot'];

/**
 * Variables that make Node, the loader or a library run other code or write files. Whoever can reach the local host may create containers, and
 * has no right to this machine by that.
 */
const DANGEROUS = /^(NODE_|LD_|DYLD_|OPENSSL_|UV_|V8_|GCONV_PATH$|GLIBC_|MALLOC_|PATH$|HOME$|TMPDIR$)/i;

/** The environment of a program, and the names of the variables that were kept from it. */
export interface ProgramEnvironment {
  variables: Record<string, string>;
  withheld: string[];
}

/**
 * The environment of a program: what its container is given, where it has to listen, and the little that it needs of this machine's; of
 * the stack's own, with its secrets, it has nothing.
 */
export function programEnvironment(
  given: Readonly<Record<string, string>>,
  ports: readonly MappedPort[],
  machine: Readonly<Record<string, string | undefined>>,
): ProgramEnvironment {
  const names = Object.keys(given);
  const withheld = names.filter((name) => DANGEROUS.test(name));
  const passedOn = Object.entries(given).filter(([name]) => !DANGEROUS.test(name));
  const needed = OF_THE_MACHINE.flatMap((name) => {
    const value = machine[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const where = ports.map(({ protocol, port, mapped }) => [`LOCAL_PORT_${protocol}_${port}`, String(mapped)] as const);
  return {
    variables: Object.fromEntries([...needed, ...passedOn, ['LOCAL_ADDRESS', '127.0.0.1'], ...where]),
    withheld,
  };
}
