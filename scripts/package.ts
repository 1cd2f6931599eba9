import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runPackage } from './run-package.ts';
import { zip } from './zip.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = join(root, 'dist', 'package');
const archive = join(root, 'dist', 'durable-aci.zip');

/** What packages carry for those who build with them, and Node never loads. Licences stay. */
const NOT_LOADED = [
  '**/*.{ts,mts,cts,map,md,markdown,flow,tsbuildinfo}',
  '**/{.github,.vscode,docs,example,examples,test,tests,__tests__}/**',
  '**/dist/{browser,react-native,workerd}/**',
  '**/dist-{browser,es5,esm-browser}/**',
  '**/*.min.js',
  '.package-lock.json',
  '.bin/**',
];

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  type: z.literal('module'),
  dependencies: z.record(z.string(), z.string()),
});

/** `npm run package`: writes `dist/package` and `dist/durable-aci.zip`, and proves that the app in it runs. */
async function makePackage(): Promise<void> {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  compile();
  installDependencies();
  writeManifest(manifest);
  cpSync(join(root, 'host.json'), join(staging, 'host.json'));
  removeWhatIsNotLoaded();
  const paths = filesOf(staging);
  writeFileSync(
    archive,
    zip(paths.map((path) => ({ path: path.split(sep).join('/'), content: readFileSync(join(staging, path)) }))),
  );
  const { loadMs, readyMs } = await runPackage(archive);
  const size = (statSync(archive).size / 1_000_000).toFixed(2);
  process.stdout.write(
    `dist/durable-aci.zip: ${size} MB, ${paths.length} files; loads in ${loadMs} ms, serves on the local host after ${readyMs} ms\n`,
  );
}

function compile(): void {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', join(staging, 'dist'), '--sourceMap', 'false'];
  execFileSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' });
}

/** From the lock file, into a folder of its own: what a developer has linked or tried out stays out. */
function installDependencies(): void {
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(staging, file));
  const options = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const isWindows = process.platform === 'win32';
  execFileSync(isWindows ? 'npm.cmd' : 'npm', options, { cwd: staging, stdio: 'inherit', shell: isWindows });
  rmSync(join(staging, 'package-lock.json'));
}

/** The worker reads `main` and the module type; the rest tells a person what this is. */
function writeManifest({ name, version, type, dependencies }: z.infer<typeof manifestSchema>): void {
  const manifest = { name, version, private: true, type, main: 'dist/main.js', dependencies };
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function removeWhatIsNotLoaded(): void {
  const modules = join(staging, 'node_modules');
  for (const path of globSync(NOT_LOADED, { cwd: modules })) {
    rmSync(join(modules, path), { recursive: true, force: true });
  }
}

function filesOf(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

await makePackage();
