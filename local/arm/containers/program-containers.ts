import { type ContainerGroup, containerGroupKey } from '../groups/container-group.ts';
import type { LogLine } from './container-log.ts';
import type { ContainerRuntime } from './container-runtime.ts';
import { createKeptPrograms } from './kept-programs.ts';
import { mapPorts, type MappedPort } from './port-map.ts';
import { findProgram } from './program.ts';
import { type Launch, makeRun, type Run, type RunId, runProgram } from './program-run.ts';

/** The end of a program, wanted or not. */
export interface RunEnd extends RunId {
  exitCode: number;
  /** It ended because its container no longer runs. */
  wasAsked: boolean;
  /** The last of what it wrote. */
  lines: LogLine[];
}

/** What programs as containers need. */
export interface ProgramContainersOptions extends Omit<Launch, 'alive' | 'programs'> {
  programsDirectory: string;
  /** From SIGTERM to SIGKILL. */
  stopGraceMs: number;
  whenEnded: (end: RunEnd) => void;
}

/** How long programs have when everything stops: as long as Ctrl-C waits for open requests. */
const LAST_GRACE_MS = 5_000;

/** Creates a runtime whose images `local/NAME` are programs of this machine. */
export function createProgramContainers(options: ProgramContainersOptions): ContainerRuntime {
  const { programsDirectory, clock, random, takenPorts } = options;
  const programs = createKeptPrograms();
  /** Those that the lifecycle says run, by group and container; one that has ended stays until the lifecycle says so too. */
  const wanted = new Map<string, Run>();
  const alive = new Set<Run>();
  const launch: Launch = { ...options, programs, alive, takenPorts: portsInUse };
  let isStopping = false;
  return {
    lacks: (image) => findProgram(programsDirectory, image).kind === 'missing',
    mapPorts: map,
    follow,
    linesOf,
    stop,
  };

  function map(group: ContainerGroup, existing: ContainerGroup | undefined): MappedPort[] | undefined {
    const { containers = [], ipAddress } = group.properties;
    if (!containers.some((_, container) => directoryOf(group, container) !== undefined)) return undefined;
    const asked = [...(ipAddress?.ports ?? []), ...containers.flatMap(({ properties }) => properties?.ports ?? [])];
    return mapPorts(asked, { before: existing?.mappedPorts ?? [], taken: portsInUse(), random });
  }

  function follow(id: { resourceGroup: string; name: string }, read: () => ContainerGroup | undefined): void {
    if (isStopping) return;
    const group = read();
    const prefix = `${containerGroupKey(id.resourceGroup, id.name)}/`;
    for (const [slot, run] of wanted) {
      if (slot.startsWith(prefix) && (!group || !isPresent(group, run))) end(slot, run);
    }
    for (const container of group?.instances.keys() ?? []) {
      if (group && !wanted.has(`${prefix}${container}`)) begin(`${prefix}${container}`, group, container);
    }
  }

  function begin(slot: string, group: ContainerGroup, container: number): void {
    const directory = directoryOf(group, container);
    const began = beginOf(group, container);
    if (directory === undefined || !began) return;
    const run = makeRun(group, container, began);
    wanted.set(slot, run);
    alive.add(run);
    void runProgram(run, group, directory, launch).then((exitCode) => finish(run, exitCode));
  }

  function end(slot: string, run: Run): void {
    wanted.delete(slot);
    run.isWanted = false;
    run.program?.signal('SIGTERM');
    const alarm = clock.schedule(clock.now() + options.stopGraceMs, () => run.program?.signal('SIGKILL'));
    void run.ended.promise.then(() => alarm[Symbol.dispose]());
  }

  function finish(run: Run, exitCode: number): void {
    alive.delete(run);
    run.ended.resolve('ended');
    // What ends with the stack is found out by the next one.
    if (isStopping) return;
    const { resourceGroup, name, container, startMs, restartCount, isWanted } = run;
    const id: RunId = { resourceGroup, name, container, startMs, restartCount };
    options.whenEnded({ ...id, exitCode, wasAsked: !isWanted, lines: run.log.ending() });
  }

  function linesOf(group: ContainerGroup, container: number): readonly LogLine[] | undefined {
    if (directoryOf(group, container) === undefined) return undefined;
    const run = wanted.get(`${containerGroupKey(group.resourceGroup, group.name)}/${container}`);
    if (run && isPresent(group, run)) return run.log.lines();
    return group.instances[container]?.lastLines ?? [];
  }

  function directoryOf(group: ContainerGroup, container: number): string | undefined {
    const image = group.properties.containers?.[container]?.properties?.image ?? '';
    const found = findProgram(programsDirectory, image);
    return found.kind === 'program' ? found.directory : undefined;
  }

  function portsInUse(): ReadonlySet<number> {
    const ofRuns = [...alive].flatMap(({ ports }) => ports.map(({ mapped }) => mapped));
    return new Set([...takenPorts(), ...ofRuns]);
  }

  async function stop(): Promise<void> {
    isStopping = true;
    for (const [slot, run] of wanted) end(slot, run);
    const ends = Promise.all([...alive].map(({ ended }) => ended.promise));
    const alarm = Promise.withResolvers<'overdue'>();
    const timeout = setTimeout(alarm.resolve, LAST_GRACE_MS, 'overdue');
    await Promise.race([ends, alarm.promise]);
    clearTimeout(timeout);
    await programs.stop();
    await ends;
  }
}

/** How the present run of a container began, if it runs. */
function beginOf(group: ContainerGroup, container: number): Pick<RunId, 'startMs' | 'restartCount'> | undefined {
  const { currentState, restartCount = 0 } = group.instances[container] ?? {};
  return currentState?.state === 'Running' ? { startMs: currentState.startMs, restartCount } : undefined;
}

function isPresent(group: ContainerGroup, { container, startMs, restartCount }: RunId): boolean {
  const began = beginOf(group, container);
  return began?.startMs === startMs && began.restartCount === restartCount;
}
