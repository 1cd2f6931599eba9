import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { bundle } from './bundle.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  type: z.literal('module'),
  license: z.string(),
});

/** Puts into a folder, in place of what is there, what is deployed; returns the paths of the files in it. */
export async function stagePackage(folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const modulePaths = await bundle(join(root, 'src', 'main.ts'), join(folder, 'dist'));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(modulePaths));
  writeManifest(folder);
  for (const file of ['host.json', 'LICENSE']) cpSync(join(root, file), join(folder, file));
  return filesOf(folder);
}

/** The worker reads `main` and the module type; the rest tells a person what this is. */
function writeManifest(folder: string): void {
  const { name, version, type, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  );
  const manifest = { name, version, private: true, license, type, main: 'dist/main.js' };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function filesOf(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
