import { armBudget } from './arm-budget.ts';
import { boundedHistories } from './bounded-histories.ts';
import { commands } from './commands.ts';
import { endlessWaits } from './endless-waits.ts';
import { fitsAzure } from './fits-azure.ts';
import type { Invariant } from './invariant.ts';
import { liveSessions } from './live-sessions.ts';
import { orphansAndGhosts } from './orphans-and-ghosts.ts';
import { promptness } from './promptness.ts';
import { protection } from './protection.ts';
import { secrets } from './secrets.ts';
import { strangers } from './strangers.ts';
import { wholeLists } from './whole-lists.ts';

/** What the app promises, whatever happens. */
export const invariants: readonly Invariant[] = [
  liveSessions,
  protection,
  orphansAndGhosts,
  strangers,
  fitsAzure,
  endlessWaits,
  promptness,
  commands,
  wholeLists,
  secrets,
  boundedHistories,
  armBudget,
];
