import { documentedExports } from './documented-exports.ts';
import { importTableRule } from './import-table-rule.ts';
import { pure } from './pure.ts';
import { reasonedExemptions } from './reasoned-exemptions.ts';
import { yieldStarOnly } from './yield-star-only.ts';

/** The rules of this repository that no rule of oxlint can state; .oxlintrc.json turns them on by folder. */
const plugin = {
  meta: { name: 'aci' },
  rules: {
    'documented-exports': documentedExports,
    'import-table': importTableRule,
    pure,
    'reasoned-exemptions': reasonedExemptions,
    'yield-star-only': yieldStarOnly,
  },
};

export default plugin;
