import { isOfType } from '../functions/built-bindings.ts';
import type { DurableFunctionInvoker, DurableFunctionKind } from './work/function-invoker.ts';
import type { FunctionCaller } from '../functions/function-caller.ts';
import type { RegisteredFunction } from '../worker/function-registry.ts';
import type { TypedData } from '../worker/typed-data.ts';

/** The trigger of each kind, and the property of its binding that may give the function another name in the hub. */
const KINDS = {
  orchestrator: { trigger: 'orchestrationtrigger', nameProperty: 'orchestration' },
  activity: { trigger: 'activitytrigger', nameProperty: 'activity' },
  entity: { trigger: 'entitytrigger', nameProperty: 'entityName' },
} as const;

/** Lets the durable engine reach the app's orchestrators, activities and entities, with the payloads of the Durable Task extension. */
export function createDurableInvoker(
  functions: readonly RegisteredFunction[],
  call: FunctionCaller,
): DurableFunctionInvoker {
  const byKind = {
    orchestrator: functionsOf(functions, 'orchestrator'),
    activity: functionsOf(functions, 'activity'),
    entity: functionsOf(functions, 'entity'),
  };

  return {
    has: (kind, name) => byKind[kind].has(name.toLowerCase()),
    orchestrator: (name, payload, instanceId) => callWithPayload('orchestrator', name, payload, instanceId),
    entity: (name, payload, instanceId) => callWithPayload('entity', name, payload, instanceId),
    async activity(name, input, instanceId) {
      const called = find('activity', name);
      const trigger = activityInput(input);
      const { returnValue } = await call(called, {
        trigger,
        triggerMetadata: { instanceId: { string: instanceId }, data: trigger, [called.trigger.bindingName]: trigger },
      });
      return activityOutput(returnValue);
    },
  };

  async function callWithPayload(
    kind: 'orchestrator' | 'entity',
    name: string,
    payload: string,
    instanceId: string,
  ): Promise<string> {
    const called = find(kind, name);
    const { returnValue } = await call(called, {
      trigger: { string: payload },
      // No `data`: the worker would parse the whole payload a second time, and the extension gives none
      // (azure-functions-durable-extension, Bindings/EntityTriggerAttributeBindingProvider.cs and its like for orchestrations).
      triggerMetadata: { instanceId: { string: instanceId } },
    });
    const json = returnValue?.json ?? returnValue?.string;
    if (json === undefined) {
      throw new Error(`The ${kind} function '${name}' returned nothing that the durable engine can read.`);
    }
    return json;
  }

  function find(kind: DurableFunctionKind, name: string): RegisteredFunction {
    const found = byKind[kind].get(name.toLowerCase());
    if (!found) throw new Error(`There is no ${kind} function '${name}'.`);
    return found;
  }
}

function functionsOf(
  functions: readonly RegisteredFunction[],
  kind: DurableFunctionKind,
): Map<string, RegisteredFunction> {
  const { trigger, nameProperty } = KINDS[kind];
  return new Map(
    functions
      .filter((each) => isOfType(each.trigger.binding, [trigger]))
      .map((each) => {
        const name = each.trigger.binding[nameProperty];
        return [(typeof name === 'string' ? name : each.name).toLowerCase(), each];
      }),
  );
}

/**
 * The extension hands the input over as JSON text, but a boolean as .NET writes it, so that a handler gets the word `"True"`
 * (azure-functions-durable-extension, Bindings/ActivityTriggerAttributeBindingProvider.cs).
 */
function activityInput(input: unknown): TypedData {
  if (input === undefined || input === null) return {};
  if (typeof input === 'boolean') return { string: input ? 'True' : 'False' };
  // The library has made JSON text of a string already (durable-functions lib/src/actions/CallActivityAction.js).
  if (typeof input === 'string') return { string: input };
  return { string: JSON.stringify(input) };
}

/** A returned text stays a text even when it looks like JSON (azure-functions-durable-extension, Listener/TaskActivityShim.cs). */
function activityOutput(value: TypedData | null | undefined): string | null {
  if (!value) return null;
  if (value.string !== undefined) return JSON.stringify(value.string);
  if (value.json !== undefined) return value.json;
  if (value.bytes !== undefined) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  const number = value.int ?? value.double;
  return number === undefined ? null : JSON.stringify(number);
}
