import type { Rule } from './rule.ts';

/**
 * Reports an exported declaration without a docstring directly before it. Exports that stand together without an empty line (a
 * schema and its type, the members of one family) share the docstring of the first.
 */
export const documentedExports: Rule = {
  create(context) {
    return {
      Program: ({ body }) => {
        let documentedLine: number | undefined;
        for (const node of body) {
          const isExport = node.type === 'ExportNamedDeclaration' && node.declaration !== null;
          const comment = context.sourceCode.getCommentsBefore(node).at(-1);
          const isDocumented = comment?.type === 'Block' && comment.value.startsWith('*');
          if (isExport && !isDocumented && node.loc.start.line - 1 !== documentedLine) {
            context.report({ node, message: 'An export has a docstring: one plain sentence in `/** … */` before it.' });
          } else if (isExport) {
            documentedLine = node.loc.end.line;
          }
        }
      },
    };
  },
};
