import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import type { EnvironmentSeal } from '../groups/container-environment.ts';
import type { ContainerGroup } from '../groups/container-group.ts';
import { ContainerLog } from './container-log.ts';
import { findFreePort } from './free-port.ts';
import type { KeptProgram, KeptPrograms } from './kept-programs.ts';
import { findMapped, type MappedPort } from './port-map.ts';
import { commandOf } from './program.ts';
import { programEnvironment } from './program-environment.ts';

/** Which run of which container. */
export interface RunId {
  resourceGroup: string;
  name: string;
  /** An index. */
  container: number;
  /** When the lifecycle began it. */
  startMs: number;
  /** Tells it from a run of the same moment, as a clock has it that stands still. */
  restartCount: number;
}

/** A program from the moment that its container runs until the last of it has gone. */
export interface Run extends RunId {
  log: ContainerLog;
  /** Which it listens on. */
  ports: readonly MappedPort[];
  program: KeptProgram | undefined;
  isWanted: boolean;
  ended: PromiseWithResolvers<'ended'>;
}

/** What launching a program takes. */
export interface Launch {
  programs: KeptPrograms;
  clock: Clock;
  environments: EnvironmentSeal;
  /** The environment of this process. */
  machine: Readonly<Record<string, string | undefined>>;
  /** Every run that has not ended. */
  alive: ReadonlySet<Run>;
  /** Ports that containers have here, whether they run or not. */
  takenPorts: () => ReadonlySet<number>;
  random: () => number;
  /** Somebody else of this machine has the port by now, and the container listens on another one. */
  whenMoved: (group: { resourceGroup: string; name: string }, port: MappedPort) => void;
}

const environmentSchema = z.record(z.string(), z.string());

/** What a shell answers for a command that could not be run. */
const NOT_RUN = 127;

/** Makes a run that has not begun. */
export function makeRun(group: ContainerGroup, container: number, began: Pick<RunId, 'startMs' | 'restartCount'>): Run {
  const { resourceGroup, name } = group;
  const asked = group.properties.containers?.[container]?.properties?.ports ?? [];
  const ports = asked.flatMap((port) => findMapped(group.mappedPorts ?? [], port) ?? []);
  const ended = Promise.withResolvers<'ended'>();
  return {
    resourceGroup,
    name,
    container,
    ...began,
    log: new ContainerLog(),
    ports,
    program: undefined,
    isWanted: true,
    ended,
  };
}

/** Starts the program of a run and resolves with its exit code. What keeps it from starting stands in its log. */
export async function runProgram(run: Run, group: ContainerGroup, directory: string, launch: Launch): Promise<number> {
  try {
    const body = group.properties.containers?.[run.container];
    const command = commandOf(directory, body?.properties?.command);
    if ('refused' in command) throw new Error(command.refused);
    await portsGivenBack(run, launch.alive);
    const ports = await settlePorts(run, group.mappedPorts ?? [], launch);
    const given = readEnvironment(group, body?.name ?? '', launch.environments);
    const { variables, withheld } = programEnvironment(given, ports, launch.machine);
    for (const name of withheld) note(run, launch.clock, `${name} is not passed on to a program of this machine.`);
    // What was given up in the meantime has not begun.
    if (!run.isWanted) return 0;
    run.program = launch.programs.start({ ...command, directory, environment: variables }, (stream, chunk) =>
      run.log.write(stream, chunk, launch.clock.now()),
    );
  } catch (error) {
    note(run, launch.clock, error instanceof Error ? error.message : String(error));
    return NOT_RUN;
  }
  return run.program.ended;
}

function note(run: Run, clock: Clock, text: string): void {
  run.log.note(text, clock.now());
}

/** An earlier run that still has one of the ports ends first: a server that is restarted has its grace. */
async function portsGivenBack(run: Run, alive: ReadonlySet<Run>): Promise<void> {
  const mine = new Set(run.ports.map(({ mapped }) => mapped));
  const others = [...alive].filter((other) => other !== run && other.ports.some(({ mapped }) => mine.has(mapped)));
  await Promise.all(others.map(({ ended }) => ended.promise));
}

/** The ports of the whole group, those of this container free at the moment. */
async function settlePorts(
  run: Run,
  map: readonly MappedPort[],
  { takenPorts, random, whenMoved }: Launch,
): Promise<MappedPort[]> {
  const settled: MappedPort[] = [];
  for (const port of map) {
    const isOwn = run.ports.some(({ mapped }) => mapped === port.mapped);
    const mapped = isOwn ? await findFreePort(port, { taken: takenPorts, random }) : port.mapped;
    const there = { ...port, mapped };
    settled.push(there);
    if (mapped === port.mapped) continue;
    run.ports = run.ports.map((each) => (each.mapped === port.mapped ? there : each));
    whenMoved(run, there);
  }
  return settled;
}

function readEnvironment(group: ContainerGroup, name: string, seal: EnvironmentSeal): Record<string, string> {
  const environments = group.sealedEnvironments === undefined ? undefined : seal.open(group.sealedEnvironments);
  const given = environments?.[name];
  if (given === undefined) {
    throw new Error('The environment of this container is not known here by now: create its group anew.');
  }
  return environmentSchema.parse(given);
}
