import Module, { registerHooks } from 'node:module';
import type { CoreApi } from './core-api.ts';

const CORE_MODULE_ID = '@azure/functions-core';
const CORE_URL = 'aci-local:functions-core';
const GLOBAL_KEY = 'durable-aci.functions-core';

/**
 * Makes `@azure/functions-core` resolve to `core` in this process, for `require` and for `import`. The npm package of that
 * name holds types only, so this must win over `node_modules`. Once per process: the libraries keep what they got.
 */
export function injectCoreModule(core: CoreApi): void {
  Object.assign(globalThis, { [Symbol.for(GLOBAL_KEY)]: core });

  // What Azure's own worker does (nodejs-worker src/setupCoreModule.ts).
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, thisArgument, parameters: [string]): unknown =>
      parameters[0] === CORE_MODULE_ID ? core : Reflect.apply(target, thisArgument, parameters),
  });

  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === CORE_MODULE_ID
        ? { url: CORE_URL, format: 'module', shortCircuit: true }
        : nextResolve(specifier, context),
    load: (url, context, nextLoad) =>
      url === CORE_URL ? { format: 'module', source: moduleSource(core), shortCircuit: true } : nextLoad(url, context),
  });
}

function moduleSource(core: CoreApi): string {
  return [
    `const core = globalThis[Symbol.for('${GLOBAL_KEY}')];`,
    `export const { ${Object.keys(core).join(', ')} } = core;`,
    'export default core;',
  ].join('\n');
}
