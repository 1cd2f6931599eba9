/** What a rule of .NET's logging lets through to one provider: lines of a category from a level on, or those that a filter of the host takes. */
export interface LogRule {
  provider?: string;
  category?: string;
  /** Undefined: every level. */
  level?: LogLevel;
}

export const LOG_LEVELS = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical', 'None'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Whether a provider gets a line, as .NET decides it: of the rules that match, those of the provider go before all others, then the longest
 * category, then the last one; one `*` stands for anything (Microsoft.Extensions.Logging, LoggerRuleSelector.cs).
 */
export function isLogged(rules: readonly LogRule[], provider: string, category: string, level: LogLevel): boolean {
  let best: LogRule | undefined;
  for (const rule of rules) {
    if (matches(rule, provider, category) && !isWorse(rule, best)) best = rule;
  }
  return best !== undefined && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(best.level ?? 'Trace');
}

function matches(rule: LogRule, provider: string, category: string): boolean {
  if (rule.provider !== undefined && rule.provider !== provider) return false;
  const [prefix = '', suffix = ''] = (rule.category ?? '').toLowerCase().split('*');
  const name = category.toLowerCase();
  return name.startsWith(prefix) && name.endsWith(suffix);
}

function isWorse(rule: LogRule, best: LogRule | undefined): boolean {
  if (best === undefined) return false;
  if ((rule.provider === undefined) !== (best.provider === undefined)) return rule.provider === undefined;
  return (rule.category ?? '').length < (best.category ?? '').length;
}
