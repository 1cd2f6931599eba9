import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryDirectory } from '../../conformance/host/process.ts';
import { copyApp, makeNext, type AppCopy } from '../../integration/stack/next-version.ts';

/** The app of a campaign, at one place, at which another version may be put while no host runs. */
export interface AppUnderTest {
  directory: string;
  install(version: 'present' | 'next'): void;
}

/**
 * Makes copies of the app of now and of a later version, which differ from the repository in how the patience of an HTTP request is counted,
 * by the virtual clock in the place of the machine's, and in what `plant` changes. One that is installed is found behind a link, since a process
 * knows its app by its path.
 */
export function makeAppUnderTest(plant: (copy: AppCopy) => void = () => undefined): AppUnderTest {
  const copies = { present: copyApp(), next: copyApp() };
  for (const copy of Object.values(copies)) {
    countPatienceByTheVirtualClock(copy);
    plant(copy);
  }
  makeNext(copies.next);
  const directory = join(makeTemporaryDirectory(), 'app');
  return {
    directory,
    install(version) {
      rmSync(directory, { force: true });
      symlinkSync(copies[version].directory, directory);
    },
  };
}

/** In six virtual hours that last a minute, a request that waits for a minute of the machine would wait for all of them. */
function countPatienceByTheVirtualClock({ directory, edit }: AppCopy): void {
  const folder = 'src/triggers/http';
  for (const name of readdirSync(join(directory, folder)).filter((each) => each.endsWith('.ts'))) {
    const path = join(directory, folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('performance.now()', 'Date.now()'));
  }
  edit(`${folder}/poll.ts`, ['Math.min(delayMs * 1.5, 1_000)', 'Math.min(delayMs * 1.5, 30)']);
}
