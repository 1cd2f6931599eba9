// This file alone is CommonJS and plain JavaScript: a Node too old to strip types runs it all the same, and is told what to do. The folders
// beside it are modules (package.json in each).
const [major] = process.versions.node.split('.');
if (Number(major) < 24 || !process.features.typescript) {
  process.stderr.write(
    `error: the stack needs Node 24, which strips types, and this is Node ${process.versions.node}. npm ci has brought one: run "npm start", with options after --, or "npx node local/start.ts".\n`,
  );
  process.exitCode = 1;
} else {
  // oxlint-disable-next-line unicorn/prefer-top-level-await -- this is CommonJS, which has none
  void start();
}

async function start() {
  const { enableCompileCache, flushCompileCache } = await import('node:module');
  const { join } = await import('node:path');
  // Kept, the stripped and compiled code halves the time to start and spares each process the TypeScript compiler's memory. Everything
  // else is imported after this line for that reason; the host's process finds the directory in its environment.
  process.env['NODE_COMPILE_CACHE'] ??= join(__dirname, '../node_modules/.cache/node-compile-cache');
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
}
