import type { Invariant } from './invariant.ts';

/** Size and refill per second (https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling). */
const BUDGETS = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
  deletes: { size: 200, perSecond: 10 },
};

/** The app is not what makes ARM refuse requests. */
export const armBudget: Invariant = {
  name: "ARM's budget",
  promise:
    'The requests that reach ARM from the app, whatever becomes of them, never empty what a subscription may do: 250 reads ' +
    'and 25 more a second, 200 writes and 10 more, 200 deletes and 10 more.',
  judge({ startMs }) {
    const left = new Map(
      Object.entries(BUDGETS).map(([name, { size, perSecond }]) => [
        name,
        { size, perSecond, tokens: size, atMs: startMs },
      ]),
    );
    return {
      take(fact) {
        if (fact.fact !== 'arm') return [];
        const name = budgetOf(fact.method);
        const budget = left.get(name);
        if (budget === undefined) return [];
        const refilled = budget.tokens + ((fact.atMs - budget.atMs) / 1_000) * budget.perSecond;
        budget.tokens = Math.min(budget.size, refilled) - 1;
        budget.atMs = fact.atMs;
        return budget.tokens < 0 ? [{ says: `the app has spent all ${name} that ARM allows` }] : [];
      },
    };
  },
};

function budgetOf(method: string): keyof typeof BUDGETS {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
