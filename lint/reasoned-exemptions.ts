import type { Rule } from './rule.ts';

const EXEMPTION = /^\s*(?:oxlint|eslint)-disable/;
const REASON = /\s--\s+\S+/;

/** Reports a comment that turns a rule off without saying why (`-- the reason`). */
export const reasonedExemptions: Rule = {
  create(context) {
    return {
      Program: () => {
        for (const comment of context.sourceCode.getAllComments()) {
          if (EXEMPTION.test(comment.value) && !REASON.test(comment.value)) {
            context.report({
              node: comment,
              message: 'An exemption names its reason: `oxlint-disable-… rule -- why`.',
            });
          }
        }
      },
    };
  },
};
