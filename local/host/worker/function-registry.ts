import { basename } from 'node:path';
import { type Binding, CoreDisposable, type FunctionCallback, type FunctionMetadata } from './core-api.ts';
import { coreError } from './core-error.ts';

/** A function of the app, as registered. */
export interface RegisteredFunction {
  id: string;
  name: string;
  /** The trigger and its generated name; exactly one binding of a function is a trigger. */
  trigger: { bindingName: string; binding: Binding };
  metadata: FunctionMetadata;
  callback: FunctionCallback;
  /** The entry point that registered it, for tools to show. */
  scriptFile: string;
}

/** The functions that the app registered, in the order of registration. */
export interface FunctionRegistry {
  register(metadata: FunctionMetadata, callback: FunctionCallback): CoreDisposable;
  functions(): RegisteredFunction[];
  /** Which file is being loaded, undefined between files. */
  setEntryPoint(file: string | undefined): void;
  /** From here on registering and disposing fail. */
  lock(): void;
  /** Forgets all functions, and takes new ones. */
  clear(): void;
}

/** Creates an empty registry with the rules of the real worker (nodejs-worker src/coreApi/registerFunction.ts). */
export function createFunctionRegistry(): FunctionRegistry {
  const functions = new Map<string, RegisteredFunction>();
  let entryPoint: string | undefined;
  let isLocked = false;

  return {
    register(metadata, callback) {
      if (isLocked) throw coreError('A function can only be registered during app startup.');
      const id = metadata.functionId ?? metadata.name;
      if (functions.has(id)) throw coreError(`A function with id "${id}" has already been registered.`);
      functions.set(id, {
        id,
        name: metadata.name,
        trigger: triggerOf(metadata),
        metadata,
        callback,
        scriptFile: entryPoint === undefined ? 'unknown' : basename(entryPoint),
      });
      return new CoreDisposable(() => {
        if (isLocked) throw coreError('A function can only be disposed during app startup.');
        functions.delete(id);
      });
    },
    functions: () => [...functions.values()],
    setEntryPoint(file) {
      entryPoint = file;
    },
    lock() {
      isLocked = true;
    },
    clear() {
      functions.clear();
      isLocked = false;
    },
  };
}

function triggerOf(metadata: FunctionMetadata): RegisteredFunction['trigger'] {
  const triggers = Object.entries(metadata.bindings).filter(([, binding]) => isTrigger(binding));
  const [first] = triggers;
  if (!first || triggers.length > 1) {
    throw coreError(`Function "${metadata.name}" has ${triggers.length} trigger bindings; it must have exactly one.`);
  }
  return { bindingName: first[0], binding: first[1] };
}

function isTrigger(binding: Binding): boolean {
  return binding.type.toLowerCase().endsWith('trigger');
}
