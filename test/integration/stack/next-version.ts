import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryDirectory } from '../../conformance/host/process.ts';

const ROOT = join(import.meta.dirname, '../../..');

const NEXT_VERSION = '0.99.0';

/** A step that the orchestrators of earlier versions do not have; a replay of theirs by these would be refused. */
const ORCHESTRATORS = `
import { delay } from '../durable/steps.ts';
import { orchestrateGarbageCollection } from './collect-garbage.ts';
import { orchestrateProvisioning } from './provision-container-group.ts';

export function* orchestrateProvisioningNext(context) {
  yield* delay(context, 1);
  return yield* orchestrateProvisioning(context);
}

export function* orchestrateGarbageCollectionNext(context) {
  yield* delay(context, 1);
  return yield* orchestrateGarbageCollection(context);
}
`;

/** A copy of the app that is no longer what this repository has. */
export interface AppCopy {
  directory: string;
  /** Replaces text in a file of it; throws when there is nothing to be replaced, so that a change of the app is not missed here. */
  edit(file: string, ...changes: Change[]): void;
}

type Change = [from: RegExp | string, to: string];

/** Copies what the app consists of; the modules that it depends on are shared. */
export function copyApp(): AppCopy {
  const directory = makeTemporaryDirectory();
  cpSync(join(ROOT, 'src'), join(directory, 'src'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  for (const file of ['package.json', 'host.json']) {
    cpSync(join(ROOT, file), join(directory, file));
  }
  return {
    directory,
    edit(file, ...changes) {
      const path = join(directory, file);
      const edited = changes.reduce(
        (text, [from, to]) => replaceOnce(text, from, to, file),
        readFileSync(path, 'utf8'),
      );
      writeFileSync(path, edited);
    },
  };
}

/** Makes a copy of the app as a later version may be, and returns where it is. */
export function makeNextVersion(): string {
  const copy = copyApp();
  makeNext(copy);
  return copy.directory;
}

/**
 * Makes a copy of the app what a later version may be: provisioning and sweep have new versions beside the old ones, and the schema of container
 * groups is a new one, of which every group has `seats`.
 */
export function makeNext({ directory, edit }: AppCopy): void {
  edit('package.json', [/"version": "[^"]*"/, `"version": "${NEXT_VERSION}"`]);
  edit('host.json', [/"defaultVersion": "[^"]*"/, `"defaultVersion": "${NEXT_VERSION}"`]);
  for (const file of ['provisioning', 'garbage-collection']) {
    edit(`src/contracts/${file}.ts`, [/versions: \[(.*)\]/, `versions: [$1, '${NEXT_VERSION}']`]);
  }
  edit('src/contracts/container-group.ts', [
    /schemaVersion: (\d+),\n {2}migrations: \{/,
    'schemaVersion: $1 + 1,\n  migrations: { $1: (state) => ({ ...state, seats: 0 }),',
  ]);
  writeFileSync(join(directory, 'src/orchestrators/next.ts'), ORCHESTRATORS);
  edit(
    'src/main.ts',
    [/(registerOrchestrator\(provisionContainerGroup, \{)/, `$1 '${NEXT_VERSION}': orchestrateProvisioningNext,`],
    [/(registerOrchestrator\(collectGarbage, \{)/, `$1 '${NEXT_VERSION}': orchestrateGarbageCollectionNext,`],
    [/^/, "import { orchestrateGarbageCollectionNext, orchestrateProvisioningNext } from './orchestrators/next.ts';\n"],
  );
}

function replaceOnce(text: string, from: RegExp | string, to: string, file: string): string {
  if (typeof from === 'string' ? !text.includes(from) : !from.test(text)) {
    throw new Error(`${file} has nothing of the form ${from}, which the copy changes.`);
  }
  return text.replace(from, to);
}
