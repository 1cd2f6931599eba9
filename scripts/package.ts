import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packArchive } from './archive.ts';
import { chosenBackend, type DurableBackend, durableBackends, hostJsonFor } from './durable-backend.ts';
import { runPackage } from './run-package.ts';
import { stagePackage } from './stage-package.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const folder = join(dist, 'package');

/** A folder each, because Azure takes a package by this name alone (infra/main.bicep, `packageUri`). */
const archives: Readonly<Record<DurableBackend, string>> = {
  AzureStorage: 'released-package.zip',
  DurableTaskScheduler: 'durable-task-scheduler/released-package.zip',
};

/**
 * `npm run package`: writes an archive for each Durable backend, which differ in host.json, and proves that the app in that of
 * Azure Storage runs. Leaves in `dist/package`, which `azd deploy` installs, the one that the environment chooses.
 */
async function makePackages(): Promise<void> {
  const backend = chosenBackend(process.env);
  const paths = await stagePackage(folder);
  const files = paths.map((path) => [path.split(sep).join('/'), readFileSync(join(folder, path))] as const);
  const hostJson = readFileSync(join(folder, 'host.json'), 'utf8');
  for (const name of durableBackends) {
    const archive = join(dist, archives[name]);
    mkdirSync(dirname(archive), { recursive: true });
    const content = { ...Object.fromEntries(files), 'host.json': Buffer.from(hostJsonFor(name, hostJson)) };
    writeFileSync(archive, packArchive(content));
  }
  writeFileSync(join(folder, 'host.json'), hostJsonFor(backend, hostJson));
  const { loadMs, readyMs } = await runPackage(join(dist, archives.AzureStorage));
  for (const name of durableBackends) {
    const size = (statSync(join(dist, archives[name])).size / 1_000_000).toFixed(2);
    process.stdout.write(`dist/${archives[name]}: ${size} MB, ${paths.length} files\n`);
  }
  process.stdout.write(`loads in ${loadMs} ms, serves on the local host after ${readyMs} ms\n`);
}

await makePackages();
