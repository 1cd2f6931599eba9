import { describe, expect, it } from 'vitest';
import { START_MS, df, openTestHub } from './fixture.ts';

describe('the end', () => {
  it('of an orchestrator that throws is Failed with its words', async () => {
    df.app.orchestration('throws', function* () {
      throw new Error('oops');
    });
    await using hub = openTestHub();
    expect(await hub.finish(await hub.start('throws'))).toMatchObject({
      runtimeStatus: 'Failed',
      output: "Orchestrator function 'throws' failed: oops",
    });
  });

  it('of an orchestrator that throws without a message is Failed too, instead of Running for ever', async () => {
    df.app.orchestration('throwsNothing', function* () {
      throw new Error();
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('throwsNothing'))).output).toMatch(/threw a value without a message/);
  });

  it('is Failed when the code no longer does what history says', async () => {
    let isChanged = false;
    df.app.orchestration('changed', function* (context) {
      yield context.df.callActivity(isChanged ? 'greet' : 'echo', 'x');
      yield context.df.createTimer(new Date(START_MS + 1000));
    });
    await using hub = openTestHub();
    const id = await hub.start('changed');
    await hub.hub.whenIdle();
    isChanged = true;
    const status = await hub.finish(id);
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(/Non-Deterministic workflow detected.*'echo'.*'greet'/);
  });

  it('is Failed when the custom status is longer than 16 KB', async () => {
    df.app.orchestration('talks', function* (context) {
      context.df.setCustomStatus('x'.repeat(8191));
      return 'done';
    });
    await using hub = openTestHub();
    const status = await hub.finish(await hub.start('talks'));
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toMatch(/must not exceed 16 KB/);
  });

  it('keeps the last custom status', async () => {
    df.app.orchestration('reports', function* (context) {
      context.df.setCustomStatus({ at: 1 });
      yield context.df.callActivity('echo', 1);
      context.df.setCustomStatus({ at: 2 });
      return 'done';
    });
    await using hub = openTestHub();
    expect((await hub.finish(await hub.start('reports'))).customStatus).toEqual({ at: 2 });
  });
});
