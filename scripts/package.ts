import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { packArchive } from './archive.ts';
import { bundle } from './bundle.ts';
import { runPackage } from './run-package.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = join(root, 'dist', 'package');
const archive = join(root, 'dist', 'durable-aci.zip');

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  type: z.literal('module'),
  license: z.string(),
});

/** `npm run package`: writes `dist/package` and `dist/durable-aci.zip`, and proves that the app in it runs. */
async function makePackage(): Promise<void> {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const modulePaths = await bundle(join(root, 'src', 'main.ts'), join(staging, 'dist'));
  writeFileSync(join(staging, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(modulePaths));
  writeManifest();
  for (const file of ['host.json', 'LICENSE']) cpSync(join(root, file), join(staging, file));
  const paths = filesOf(staging);
  const files = paths.map((path) => [path.split(sep).join('/'), readFileSync(join(staging, path))] as const);
  writeFileSync(archive, packArchive(Object.fromEntries(files)));
  const { loadMs, readyMs } = await runPackage(archive);
  const size = (statSync(archive).size / 1_000_000).toFixed(2);
  process.stdout.write(
    `dist/durable-aci.zip: ${size} MB, ${paths.length} files; loads in ${loadMs} ms, serves on the local host after ${readyMs} ms\n`,
  );
}

/** The worker reads `main` and the module type; the rest tells a person what this is. */
function writeManifest(): void {
  const { name, version, type, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  const manifest = { name, version, private: true, license, type, main: 'dist/main.js' };
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function filesOf(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

await makePackage();
