import type { Rule, Span } from './rule.ts';

/**
 * Reports a bare `yield`, whose result has no type, and async code, which the replay of a Durable orchestration cannot follow
 * (https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-code-constraints).
 */
export const yieldStarOnly: Rule = {
  create(context) {
    const refuseAsync = (node: Span & { async?: boolean }) => {
      if (node.async === true) {
        context.report({ node, message: 'An orchestrator has no async code: wait with `yield*` on a step.' });
      }
    };
    return {
      YieldExpression: (node) => {
        if (!node.delegate) {
          context.report({ node, message: 'A bare `yield` has no type: wait with `yield*` on a step.' });
        }
      },
      AwaitExpression: (node) => {
        context.report({ node, message: 'An orchestrator does not await: wait with `yield*` on a step.' });
      },
      ForOfStatement: (node) => {
        if (node.await) {
          context.report({ node, message: 'An orchestrator does not await: wait with `yield*` on a step.' });
        }
      },
      FunctionDeclaration: refuseAsync,
      FunctionExpression: refuseAsync,
      ArrowFunctionExpression: refuseAsync,
    };
  },
};
