import { StartError } from '../start-error.ts';
import type { Binding } from '../worker/core-api.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';

const DURABLE_TRIGGERS = ['orchestrationtrigger', 'activitytrigger', 'entitytrigger'];
const DURABLE_CLIENTS = ['durableclient', 'orchestrationclient'];
const TRIGGERS = ['httptrigger', 'timertrigger', 'eventgridtrigger', ...DURABLE_TRIGGERS];

/** Throws a `StartError` that names the first binding which this host doesn't run, or function name which Azure refuses. */
export function assertBindingsAreBuilt(functions: readonly RegisteredFunction[]): void {
  for (const { name, trigger, metadata } of functions) {
    // azure-functions-host src/WebJobs.Script/Utility.cs, FunctionNameValidationRegex.
    if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name) || name.toLowerCase() === 'host') {
      throw new StartError(
        `'${name}' is not a function name: a letter, then up to 127 letters, digits, '_' or '-', and not 'host'.`,
      );
    }
    for (const [bindingName, binding] of Object.entries(metadata.bindings)) {
      if (!isBuilt(binding, bindingName === trigger.bindingName, isOfType(trigger.binding, ['httptrigger']))) {
        throw new StartError(
          `The ${binding.direction ?? 'in'} binding '${binding.type}' of function '${name}' is not built in the local host.`,
        );
      }
    }
  }
}

/** Whether the app needs the durable engine. */
export function usesDurableFunctions(functions: readonly RegisteredFunction[]): boolean {
  return functions.some(({ metadata }) =>
    Object.values(metadata.bindings).some((binding) => isOfType(binding, [...DURABLE_TRIGGERS, ...DURABLE_CLIENTS])),
  );
}

/** Compares without regard to case, as the host does. */
export function isOfType(binding: Binding, types: readonly string[]): boolean {
  return types.includes(binding.type.toLowerCase());
}

function isBuilt(binding: Binding, isTrigger: boolean, isHttpFunction: boolean): boolean {
  if (isTrigger) return isOfType(binding, TRIGGERS);
  if (binding.direction === 'out') return isHttpFunction && isOfType(binding, ['http']);
  return isOfType(binding, DURABLE_CLIENTS);
}
