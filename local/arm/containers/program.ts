import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BUILT_IN_IMAGES } from '../groups/lifecycle/provisioning-plan.ts';

/** What an image is here: simulated, the name of a program that is not there, or a program in its directory. */
export type LocalImage = { kind: 'simulated' } | { kind: 'missing' } | { kind: 'program'; directory: string };

/** What to run, or why it can't be. */
export type ProgramCommand = { command: string; args: string[] } | { refused: string };

/**
 * Finds the program of an image `local/NAME`, with or without a tag or digest, in the folder NAME. A name is letters, digits and hyphens, so
 * that it leads nowhere else.
 */
export function findProgram(programsDirectory: string, image: string): LocalImage {
  const name = /^local\/([^:@]*)/.exec(image)?.[1];
  if (name === undefined || ALWAYS_SIMULATED.has(`local/${name}`)) return { kind: 'simulated' };
  const directory = join(programsDirectory, name);
  const isThere = /^[a-z0-9-]+$/.test(name) && existsSync(join(directory, MANIFEST));
  return isThere ? { kind: 'program', directory } : { kind: 'missing' };
}

/**
 * The command line of a program: the container's own `command` where it has one, else the `start` script of its package.json. Whoever can
 * reach the local host may create containers, so that a command is Node with a file of the program and arguments, and nothing else of
 * this machine. Throws when package.json can't be read.
 */
export function commandOf(directory: string, override: readonly string[] | undefined): ProgramCommand {
  const words = override && override.length > 0 ? override : readStartScript(directory).split(' ');
  const [command, file = '', ...args] = words;
  if (command !== 'node' || !/^[\w-]+\.m?[jt]s$/.test(file) || !existsSync(join(directory, file))) {
    const refused = `The command ${JSON.stringify(words)} can't be run here: it has to be "node", a file of the program, and arguments.`;
    return { refused };
  }
  // The Node that is on the path may be older than the one that runs the stack.
  return { command: process.execPath, args: [file, ...args] };
}

const MANIFEST = 'package.json';

const manifestSchema = z.looseObject({ scripts: z.looseObject({ start: z.string() }) });

function readStartScript(directory: string): string {
  return manifestSchema.parse(JSON.parse(readFileSync(join(directory, MANIFEST), 'utf8'))).scripts.start;
}

/** Images that misbehave in a way of their own. */
const ALWAYS_SIMULATED: ReadonlySet<string> = new Set(Object.values(BUILT_IN_IMAGES));
