import { describe, expect, test } from 'vitest';
import { Interrupted, SmokeFailure } from '../../../smoke/smoke-failure.ts';
import { createSmokeRun, type SmokeRun } from '../../../smoke/smoke-run.ts';
import { answerOf } from './answer-fixture.ts';
import { optionsFor } from './options-fixture.ts';

const NEXT = 'Look elsewhere.';

function makeRun(reply = answerOf(200, {})): { run: SmokeRun; said: string[]; stop: AbortController; answers: object } {
  const said: string[] = [];
  const stop = new AbortController();
  const answers = {};
  const options = optionsFor('http://127.0.0.1:1');
  const client = { ask: () => Promise.resolve(reply), follow: () => Promise.resolve(reply) };
  const say = (line: string): number => said.push(line);
  return { run: createSmokeRun(options, client, { stop: stop.signal, say, answers }), said, stop, answers };
}

describe('waiting', () => {
  test('ends with what there is', async () => {
    const found = [undefined, undefined, 'there'];
    const wait = { what: 'it is there', seconds: 600, next: NEXT };
    expect(await makeRun().run.until(wait, () => Promise.resolve(found.shift()))).toBe('there');
  });

  test('fails when the time is over, with what was waited for and what to look at', async () => {
    const wait = { what: 'it is there', seconds: 0, next: NEXT };
    const waiting = makeRun().run.until(wait, () => Promise.resolve(undefined));
    await expect(waiting).rejects.toMatchObject({ message: 'it is there: not so after 0 seconds.', next: NEXT });
  });

  test('goes on over a few failures that pass by themselves, and says each', async () => {
    const { run, said } = makeRun();
    let failures = 0;
    const wait = { what: 'it is there', seconds: 600, next: NEXT };
    const found = await run.until(wait, () => {
      failures += 1;
      return failures < 5
        ? Promise.reject(new SmokeFailure('busy', NEXT, { isPassing: true }))
        : Promise.resolve('there');
    });
    expect(found).toBe('there');
    expect(said).toEqual(Array.from({ length: 4 }, () => '      … once more after: busy'));
  });

  test.each([
    { what: 'of many in a row', isPassing: true, tries: 6 },
    { what: 'of one that does not pass', isPassing: false, tries: 1 },
  ])('ends with the failure $what', async ({ isPassing, tries }) => {
    let count = 0;
    const waiting = makeRun().run.until({ what: 'it is there', seconds: 600, next: NEXT }, () => {
      count += 1;
      return Promise.reject(new SmokeFailure('broken', NEXT, { isPassing }));
    });
    await expect(waiting).rejects.toThrow('broken');
    expect(count).toBe(tries);
  });

  test('ends when it is interrupted', async () => {
    const { run, stop } = makeRun();
    const waiting = run.until({ what: 'it is there', seconds: 600, next: NEXT }, () => {
      stop.abort();
      return Promise.resolve(undefined);
    });
    await expect(waiting).rejects.toThrow(Interrupted);
  });
});

describe('an answer', () => {
  test('is kept to be compared when it has the status that it needs', async () => {
    const { run, answers } = makeRun();
    await run.compare('the mark', 200, 'ACISetState');
    expect(answers).toEqual({ 'the mark': { status: '200' } });
  });

  test('of another status is a failure, and not kept', async () => {
    const { run, answers } = makeRun(answerOf(401));
    await expect(run.compare('the mark', 200, 'ACISetState')).rejects.toThrow('expected 200, came 401');
    await expect(run.get('ACIList')).rejects.toThrow('expected 200, came 401');
    expect(answers).toEqual({});
  });
});
