import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { collectGarbage } from '../../../src/contracts/garbage-collection.ts';
import type { Sweeping } from '../../../src/domain/sweep/sweeping.ts';
import { addMs, type Instant } from '../../../src/domain/time.ts';
import { orchestrateGarbageCollection } from '../../../src/orchestrators/collect-garbage.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { drive, type Answer } from './drive.ts';
import { found, group, groupsOf, last, sweepingOf } from './sweep-world.ts';

describe('10,000 groups of which 3,000 are garbage', () => {
  test('are swept in turns of a bounded size, and each deletion is started once and counted once', () => {
    const pages = 100;
    const startedOf = new Map<string, Instant>();
    const deletionMs = 20_000;
    let at: Instant = BORN;
    const answers: Record<string, Answer> = {
      findGarbage: (input) => {
        const page = Number(z.object({ continuationToken: z.string().default('0') }).parse(input).continuationToken);
        const garbage = Array.from({ length: 30 }, (_, index) => group(`game-${page}-${index}`));
        return found(
          garbage.filter((each) => !startedOf.has(each.containerGroupName)),
          { keptCount: 70, ...(page + 1 < pages && { continuationToken: String(page + 1) }) },
        );
      },
      startDeletions: (input, _count, now) => {
        for (const { containerGroupName } of groupsOf(input)) {
          expect(startedOf.has(containerGroupName), containerGroupName).toBe(false);
          startedOf.set(containerGroupName, now);
        }
        return { alreadyUnderWay: [] };
      },
      readDeletions: (input, _count, now) => ({
        ended: groupsOf(input).filter(
          ({ containerGroupName }) => now >= addMs(startedOf.get(containerGroupName) ?? now, deletionMs),
        ),
      }),
    };
    let input: Sweeping = { number: 7, last };
    let turns = 0;
    for (; input.number === 7; turns += 1) {
      const run = drive(collectGarbage, orchestrateGarbageCollection, input, { answers }, at);
      expect(run.asked.length + run.waitsMs.length).toBeLessThan(60);
      expect(JSON.stringify(run.continuedWith).length).toBeLessThan(25_000);
      at = run.endedAt;
      input = sweepingOf(run.continuedWith);
    }
    expect(turns).toBe(pages);
    expect(startedOf.size).toBe(3_000);
    expect(input.last).toMatchObject({ startedCount: 3_000, collectedCount: 3_000, keptCount: 7_000, failedCount: 0 });
    expect(input).not.toHaveProperty('underWay');
    // At ACI's pace five minutes for each hundred, and some more since starts are remembered by the half minute.
    expect(input.last?.durationMs).toBeGreaterThan(29 * 300_000);
    expect(input.last?.durationMs).toBeLessThan(30 * 370_000);
  });
});
