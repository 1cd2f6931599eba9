import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { START_MS, df } from './fixture.ts';
import type { TestHub } from './fixture.ts';
import { killedCopy, newFile, openAt } from './killed.ts';

/*
 * Row 10 of the unkind host: what a host had taken from a queue when it ended, however it ended, is hidden until its visibility
 * time-out is over (seen on extension 3.19: 302 to 306 s by default, 66 s with both time-outs of host.json's storageProvider at one
 * minute). And row 1, around a crash: messages are deleted after the state is committed, so that a client's may be applied twice
 * (seen: a whole batch of 32 twice to the state).
 */

const azure = {
  platform: 'azure-storage',
  controlQueueVisibilityTimeoutMs: 60_000,
  workItemQueueVisibilityTimeoutMs: 90_000,
} as const;

df.app.entity('seen', (context) => {
  const seen = z.array(z.unknown()).parse(context.df.getState(() => []));
  context.df.setState([...seen, context.df.getInput()]);
});
df.app.activity('names', { handler: () => 'a name' });
df.app.orchestration('asksForName', function* (context) {
  const name: unknown = yield context.df.callActivity('names');
  return name;
});
df.app.orchestration('waitsForTime', function* (context) {
  yield context.df.createTimer(new Date(START_MS + 120_000));
  return context.df.currentUtcDateTime.toISOString();
});
df.app.orchestration('waitsForWord', function* (context) {
  const word: unknown = yield context.df.waitForExternalEvent('word');
  return word;
});
df.app.orchestration('racesWord', function* (context) {
  const timer = context.df.createTimer(new Date(START_MS + 600_000));
  const word = context.df.waitForExternalEvent('word');
  const winner: unknown = yield context.df.Task.any([word, timer]);
  if (winner === word) timer.cancel();
  return winner === word ? 'woken' : 'elapsed';
});
df.app.orchestration('signalsThenWaits', function* (context) {
  const entity = new df.EntityId('seen', 'ordered');
  context.df.signalEntity(entity, 'add', 1);
  yield context.df.createTimer(new Date(START_MS + 5_000));
  context.df.signalEntity(entity, 'add', 2);
});

async function seenBy(hub: TestHub, key: string): Promise<unknown> {
  const answer = await hub.request('GET', `entities/seen/${key}`);
  return answer.status === 200 ? answer.json : [];
}

async function moveTo(hub: TestHub, ms: number): Promise<void> {
  await hub.hub.whenIdle();
  for (let next = hub.clock.nextAtMs(); next !== undefined && next <= ms; next = hub.clock.nextAtMs()) {
    hub.clock.advanceTo(next);
    await hub.hub.whenIdle();
  }
  hub.clock.advanceTo(ms);
  await hub.hub.whenIdle();
}

/** Leaves a signal that was accepted and not yet applied, and opens the store again. */
async function reopenWithSignal(options: Parameters<typeof openAt>[2]): Promise<TestHub> {
  const path = newFile();
  const first = openAt({ path, startMs: START_MS }, 0, { ...options, chance: () => 0.99 });
  expect((await first.request('POST', 'entities/seen/a?op=add', { word: 1 })).status).toBe(202);
  const place = killedCopy(path, first);
  await first.hub.stop();
  return openAt(place, 1, options);
}

describe('row 10: what was in flight when the host ended', () => {
  it('reaches an entity after the time-out of the control queue, and not before', async () => {
    await using hub = await reopenWithSignal(azure);
    await moveTo(hub, START_MS + 59_999);
    expect(await seenBy(hub, 'a')).toEqual([]);
    expect(hub.hub.nextTimerAtMs()).toBe(START_MS + 60_000);
    await moveTo(hub, START_MS + 60_000);
    expect(await seenBy(hub, 'a')).toEqual([{ word: 1 }]);
    expect(hub.hub.nextTimerAtMs()).toBeUndefined();
  });

  it('takes five minutes where host.json says nothing', async () => {
    await using hub = await reopenWithSignal({ platform: 'azure-storage' });
    await moveTo(hub, START_MS + 299_999);
    expect(await seenBy(hub, 'a')).toEqual([]);
    await moveTo(hub, START_MS + 300_000);
    expect(await seenBy(hub, 'a')).toEqual([{ word: 1 }]);
  });

  it('is delivered at once on a gentle platform', async () => {
    await using hub = await reopenWithSignal({ platform: 'gentle' });
    await hub.hub.whenIdle();
    expect(await seenBy(hub, 'a')).toEqual([{ word: 1 }]);
  });

  it('keeps its time when the host is started once more meanwhile', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, azure);
    await first.request('POST', 'entities/seen/a?op=add', { word: 1 });
    const place = killedCopy(path, first);
    await first.hub.stop();
    const second = openAt(place, 1, azure);
    await second.hub.stop();
    await using third = openAt({ ...place, startMs: START_MS + 30_000 }, 2, azure);
    await moveTo(third, START_MS + 60_000);
    expect(await seenBy(third, 'a')).toContainEqual({ word: 1 });
  });

  it('starts an orchestration after the time-out, which takes its events in their order', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, azure);
    await first.start('waitsForWord', undefined, 'w');
    await using hub = openAt(killedCopy(path, first), 1, azure);
    await first.hub.stop();
    expect((await hub.request('POST', 'instances/w/raiseEvent/word', { is: 'early' })).status).toBe(202);
    await moveTo(hub, START_MS + 59_999);
    expect((await hub.status('w')).runtimeStatus).toBe('Pending');
    expect(hub.logged).toEqual([]);
    await moveTo(hub, START_MS + 60_000);
    expect(await hub.status('w')).toMatchObject({ runtimeStatus: 'Completed', output: { is: 'early' } });
  });

  it('runs an activity after the time-out of the work-item queue', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, { ...azure, maxConcurrentActivityFunctions: 0 });
    await first.start('asksForName', undefined, 'n');
    await expect.poll(() => first.hub.client.history('n').length).toBeGreaterThan(0);
    await using hub = openAt(killedCopy(path, first), 1, azure);
    await moveTo(hub, START_MS + 89_999);
    expect((await hub.status('n')).runtimeStatus).toBe('Running');
    await moveTo(hub, START_MS + 90_000);
    expect((await hub.status('n')).output).toBe('a name');
  });

  it('does not hold up a race against a timer that another event ends, and does hold up the wait for an activity', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, { ...azure, maxConcurrentActivityFunctions: 0 });
    await first.start('racesWord', undefined, 'racing');
    await first.start('asksForName', undefined, 'asking');
    await expect.poll(() => first.hub.client.history('racing').length).toBeGreaterThan(0);
    await expect.poll(() => first.hub.client.history('asking').length).toBeGreaterThan(0);
    expect((await first.request('POST', 'instances/racing/raiseEvent/word', {})).status).toBe(202);
    await using hub = openAt(killedCopy(path, first), 1, azure);
    await first.hub.stop();
    await moveTo(hub, START_MS + 10_000);
    expect((await hub.status('racing')).runtimeStatus).toBe('Running');
    for (const id of ['racing', 'asking']) await hub.request('POST', `instances/${id}/raiseEvent/word`, {});
    await moveTo(hub, START_MS + 10_001);
    expect((await hub.status('racing')).output).toBe('woken');
    await moveTo(hub, START_MS + 89_999);
    expect((await hub.status('asking')).runtimeStatus).toBe('Running');
    await moveTo(hub, START_MS + 90_000);
    expect((await hub.status('asking')).output).toBe('a name');
  });

  it('does not hold up a timer that falls due later', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, azure);
    await first.start('waitsForTime', undefined, 't');
    await first.hub.whenIdle();
    const { path: copy } = killedCopy(path, first);
    await first.hub.stop();
    await using hub = openAt({ path: copy, startMs: START_MS + 119_000 }, 1, azure);
    await moveTo(hub, START_MS + 120_000);
    expect((await hub.status('t')).output).toBe('2026-01-01T00:02:00.000Z');
  });

  it('is not overtaken by what the same orchestration sends to an entity later', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, { ...azure, maxConcurrentEntityFunctions: 0 });
    await first.start('signalsThenWaits', undefined, 's');
    await expect.poll(() => first.hub.client.history('s').length).toBeGreaterThan(0);
    await using hub = openAt(killedCopy(path, first), 1, azure);
    await moveTo(hub, START_MS + 59_999);
    expect((await hub.status('s')).runtimeStatus).toBe('Completed');
    expect(await seenBy(hub, 'ordered')).toEqual([]);
    await moveTo(hub, START_MS + 60_000);
    expect(await seenBy(hub, 'ordered')).toEqual([1, 2]);
  });
});

describe('row 1, around a crash', () => {
  const names = Array.from({ length: 8 }, (_, index) => `n${index}`);

  /** Kills the host so many turns after some signals were accepted, and counts how often each was applied in the end. */
  async function applyAndKill(platform: 'azure-storage' | 'gentle', turns: number): Promise<number[]> {
    const path = newFile();
    // Deletions come late, and nothing comes twice of itself.
    const chances = { platform, chance: () => 0.2 };
    const first = openAt({ path, startMs: START_MS }, 0, chances);
    await Promise.all(names.map((name) => first.request('POST', 'entities/seen/a?op=add', { name })));
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    const place = killedCopy(path, first);
    await first.hub.stop();
    await using hub = openAt(place, 1, chances);
    await moveTo(hub, START_MS + 300_000);
    const seen = z.array(z.object({ name: z.string() })).parse(await seenBy(hub, 'a'));
    return names.map((name) => seen.filter((each) => each.name === name).length);
  }

  it('applies several signals of a batch twice when the kill comes before their deletion, and loses none', async () => {
    const counts = [];
    for (let turns = 0; turns < 30; turns++) counts.push(await applyAndKill('azure-storage', turns));
    expect(new Set(counts.flat())).toEqual(new Set([1, 2]));
    expect(counts.some((each) => each.filter((count) => count === 2).length > 1)).toBe(true);
    expect(counts.at(-1)).toEqual(names.map(() => 1));
  });

  it('delivers an event a second time when the kill comes before its deletion', async () => {
    df.app.orchestration('counts', function* (context) {
      for (let count = 1; ; count++) {
        yield context.df.waitForExternalEvent('more');
        context.df.setCustomStatus(count);
      }
    });
    const counts = [];
    for (let turns = 0; turns < 20; turns++) {
      const path = newFile();
      const chances = { platform: 'azure-storage', chance: () => 0.2 } as const;
      const first = openAt({ path, startMs: START_MS }, 0, chances);
      await first.start('counts', undefined, 'c');
      await first.hub.whenIdle();
      await first.request('POST', 'instances/c/raiseEvent/more', {});
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      const place = killedCopy(path, first);
      await first.hub.stop();
      await using hub = openAt(place, 1, chances);
      await moveTo(hub, START_MS + 300_000);
      counts.push((await hub.status('c')).customStatus);
    }
    expect(new Set(counts)).toEqual(new Set([1, 2]));
  });

  it('applies everything once on a gentle platform', async () => {
    const counts = [];
    for (let turns = 0; turns < 10; turns++) counts.push(await applyAndKill('gentle', turns));
    expect(new Set(counts.flat())).toEqual(new Set([1]));
  });
});
