import { rolldown } from 'rolldown';

/**
 * Bundles the app and what it depends on into `folder`, as `main.js` and a file for each part that is imported only when it is
 * needed. Returns the paths of all modules in it. Names and layout stay, so that a stack trace reads without a source map.
 * Throws when the bundler has anything to say, because what it could not resolve would be missed only in Azure.
 */
export async function bundle(entry: string, folder: string): Promise<string[]> {
  const build = await rolldown({
    input: entry,
    platform: 'node',
    // The worker answers `require` of it; it is in no package. https://github.com/Azure/azure-functions-nodejs-library/issues/201
    external: ['@azure/functions-core'],
    onLog(_level, log) {
      throw new Error(`The bundler says: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: 'main.js',
    chunkFileNames: '[name].js',
  });
  await build.close();
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}
