import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packArchive } from './archive.ts';
import { runPackage } from './run-package.ts';
import { stagePackage } from './stage-package.ts';

const folder = fileURLToPath(new URL('../dist/package', import.meta.url));
const archive = fileURLToPath(new URL('../dist/durable-aci.zip', import.meta.url));

/** `npm run package`: writes `dist/package` and `dist/durable-aci.zip`, and proves that the app in it runs. */
async function makePackage(): Promise<void> {
  const paths = await stagePackage(folder);
  const files = paths.map((path) => [path.split(sep).join('/'), readFileSync(join(folder, path))] as const);
  writeFileSync(archive, packArchive(Object.fromEntries(files)));
  const { loadMs, readyMs } = await runPackage(archive);
  const size = (statSync(archive).size / 1_000_000).toFixed(2);
  process.stdout.write(
    `dist/durable-aci.zip: ${size} MB, ${paths.length} files; loads in ${loadMs} ms, serves on the local host after ${readyMs} ms\n`,
  );
}

await makePackage();
