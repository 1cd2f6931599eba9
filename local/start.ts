import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Kept, the stripped and compiled code halves the time to start and spares each process the TypeScript compiler's memory. Everything
// else is imported after this line for that reason; the host's process finds the directory in its environment.
const cacheDirectory = fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url));
process.env['NODE_COMPILE_CACHE'] ??= cacheDirectory;
enableCompileCache(process.env['NODE_COMPILE_CACHE']);
const [{ runCommandLine }, { startOwnHost }] = await Promise.all([
  import('./cli/run-command-line.ts'),
  import('./cli/stack/local-stack.ts'),
]);

process.exitCode = await runCommandLine(process.argv.slice(2), {
  script: 'start',
  startHost: startOwnHost,
  whenReady: flushCompileCache,
});
