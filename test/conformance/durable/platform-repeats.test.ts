import { describe, expect, it } from 'vitest';
import { df, openTestHub } from './fixture.ts';
import type { PlatformName } from '../../../local/host/durable/platform/platform.ts';

/*
 * Row 2 of the unkind host: activities and episodes run at least once
 * (learn.microsoft.com/azure/azure-functions/durable/durable-functions-types-features-overview, "activity functions": "guaranteed to
 * be executed at least once"); an episode whose commit failed is replayed from its history.
 */

const ROUNDS = 60;

const activityRuns = new Map<number, number>();
let freshRuns: number[] = [];

df.app.activity('countsItself', {
  handler: (round: number) => {
    activityRuns.set(round, (activityRuns.get(round) ?? 0) + 1);
    return round * 2;
  },
});
df.app.orchestration('rounds', function* (context) {
  const results: unknown[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    results.push(yield context.df.callActivity('countsItself', round));
    if (!context.df.isReplaying) freshRuns.push(round);
  }
  return results;
});

/** How often each activity ran, how often each round was seen by an episode that was not a replay, and how many results history holds. */
async function play(platform: PlatformName, chance?: () => number) {
  activityRuns.clear();
  freshRuns = [];
  await using hub = openTestHub({ platform, ...(chance && { chance }) });
  const id = await hub.start('rounds');
  expect((await hub.finish(id)).output).toEqual(Array.from({ length: ROUNDS }, (_, round) => round * 2));
  await hub.hub.whenIdle();
  const completed = hub.hub.client.history(id).filter((event) => 'Result' in event && 'TaskScheduledId' in event);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  return {
    activities: rounds.map((round) => activityRuns.get(round) ?? 0),
    episodes: rounds.map((round) => freshRuns.filter((each) => each === round).length),
    resultCount: completed.length,
  };
}

describe('row 2: work that is done at least once', () => {
  it('runs an activity twice now and then, sends a result twice, and runs an episode again from its history', async () => {
    const { activities, episodes, resultCount } = await play('azure-storage');
    expect(activities.every((count) => count === 1 || count === 2)).toBe(true);
    expect(episodes.every((count) => count === 1 || count === 2)).toBe(true);
    expect(activities).toContain(1);
    expect(activities).toContain(2);
    expect(episodes).toContain(1);
    expect(episodes).toContain(2);
    expect(resultCount).toBeGreaterThan(ROUNDS);
  });

  it('does no work more than twice, even when it always happens', async () => {
    const { activities, episodes } = await play('azure-storage', () => 0);
    expect(new Set(activities)).toEqual(new Set([2]));
    expect(new Set(episodes)).toEqual(new Set([2]));
  });

  it('does everything once on a gentle platform', async () => {
    const { activities, episodes, resultCount } = await play('gentle');
    expect(new Set(activities)).toEqual(new Set([1]));
    expect(new Set(episodes)).toEqual(new Set([1]));
    expect(resultCount).toBe(ROUNDS);
  });
});
