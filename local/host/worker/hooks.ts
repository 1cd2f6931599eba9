import { CoreDisposable, type HookCallback } from './core-api.ts';
import { coreError } from './core-error.ts';

const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;

/** When a hook runs. */
export type HookName = (typeof HOOK_NAMES)[number];

/** The hooks that the app and its libraries registered. */
export interface Hooks {
  register(name: string, callback: HookCallback): CoreDisposable;
  /** Calls the hooks of one name in the order of their registration, each after the one before has finished. */
  run(name: HookName, context: object): Promise<void>;
  /** Calls the log hooks, which cannot be waited for. */
  runLogHooks(context: object): void;
  /** Whether a hook of that name is registered. */
  has(name: HookName): boolean;
}

/** Creates an empty list of hooks (nodejs-worker src/hooks/). */
export function createHooks(): Hooks {
  const callbacks = new Map<string, HookCallback[]>(HOOK_NAMES.map((name) => [name, []]));

  return {
    register(name, callback) {
      const list = callbacks.get(name);
      if (!list) throw coreError(`Unrecognized hook "${name}"`, RangeError);
      list.push(callback);
      return new CoreDisposable(() => {
        const index = list.indexOf(callback);
        if (index >= 0) list.splice(index, 1);
      });
    },
    async run(name, context) {
      for (const callback of callbacks.get(name) ?? []) await callback(context);
    },
    runLogHooks(context) {
      for (const callback of callbacks.get('log') ?? []) callback(context);
    },
    has: (name) => callbacks.get(name)?.length !== 0,
  };
}

/** Adds fields that can be read but not assigned: assigning one throws, as in the real worker (InvocationHandler.ts). */
export function addReadOnly(context: object, fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(context, name, {
      enumerable: true,
      get: () => value,
      set: () => {
        throw coreError(`Cannot assign to read only property '${name}'`, TypeError);
      },
    });
  }
}
