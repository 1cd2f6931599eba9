import type { Rule } from './rule.ts';

/** The globals whose value depends on their arguments alone. What is not here is refused, so that a new API of Node is, too. */
const PURE_GLOBALS = new Set(
  (
    'Array BigInt Boolean Error Infinity JSON Map NaN Number Object RangeError RegExp ' +
    'Set String Symbol TypeError Uint8Array WeakMap WeakSet atob decodeURIComponent encodeURIComponent isFinite isNaN parseFloat parseInt structuredClone undefined'
  ).split(' '),
);

/** Reports what makes a result depend on more than the arguments: clocks, randomness, input and output, settings, await. */
export const pure: Rule = {
  create(context) {
    return {
      'Program:exit': () => {
        for (const { identifier, resolved } of context.sourceCode.scopeManager.scopes.flatMap(
          (scope) => scope.references,
        )) {
          const isGlobal = resolved === null || resolved.defs.length === 0;
          if (isGlobal && !isPureUse(identifier.name, identifier.parent)) {
            context.report({ node: identifier, message: explain(identifier.name) });
          }
        }
      },
      AwaitExpression: (node) => context.report({ node, message: explain('await') }),
      MetaProperty: (node) => {
        if (node.meta.name === 'import') {
          context.report({ node, message: explain('import.meta') });
        }
      },
    };
  },
};

type Use = Extract<Parameters<NonNullable<ReturnType<Rule['create']>['Identifier']>>[0]['parent'], object>;

function isPureUse(name: string, use: Use): boolean {
  if (PURE_GLOBALS.has(name) || isTypePosition(use.type)) {
    return true;
  }
  const member =
    use.type === 'MemberExpression' && use.property.type === 'Identifier' && !use.computed
      ? use.property.name
      : undefined;
  if (name === 'Math') {
    return member !== undefined && member !== 'random';
  }
  if (name === 'Date') {
    const readsAnArgument =
      use.type === 'NewExpression' &&
      use.callee.type === 'Identifier' &&
      use.callee.name === name &&
      use.arguments.length > 0;
    return readsAnArgument || member === 'parse' || member === 'UTC' || use.type === 'BinaryExpression';
  }
  return false;
}

/** `x as T`, `x!`, `x satisfies T` and `f<T>` hold values, although their names begin as those of types do. */
function isTypePosition(parentType: string): boolean {
  return (
    parentType.startsWith('TS') &&
    !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'TSInstantiationExpression'].includes(
      parentType,
    )
  );
}

function explain(name: string): string {
  const how = name === 'Date' ? ' (`new Date(at)`, Date.parse and Date.UTC are pure)' : '';
  return `${name} makes this code impure: take what it gives as an argument${how}.`;
}
