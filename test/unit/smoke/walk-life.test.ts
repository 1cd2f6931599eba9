import { expect, test } from 'vitest';
import { createSmokeRun } from '../../../smoke/smoke-run.ts';
import { Interrupted, SmokeFailure } from '../../../smoke/smoke-failure.ts';
import type { Step } from '../../../smoke/steps/step.ts';
import { walkLife } from '../../../smoke/walk-life.ts';
import { answerOf } from './answer-fixture.ts';
import { optionsFor } from './options-fixture.ts';

const good: Step = { name: 'good', run: () => Promise.resolve('as it is promised') };
const bad: Step = { name: 'bad', run: () => Promise.reject(new SmokeFailure('It is not.', 'Look elsewhere.')) };
const stopped: Step = { name: 'stopped', run: () => Promise.reject(new Interrupted()) };

async function walk(steps: Step[]) {
  const options = optionsFor('http://127.0.0.1:1', { credential: undefined });
  const said: string[] = [];
  const client = { ask: () => Promise.resolve(answerOf(200)), follow: () => Promise.resolve(answerOf(200)) };
  const say = (line: string): number => said.push(line.replace(/^(\w+) +[\d.]+s /, '$1 '));
  const run = createSmokeRun(options, client, { stop: new AbortController().signal, say, answers: {} });
  return { ...(await walkLife(steps, run, say)), said };
}

test('a step that fails is told with what to look at, and the next ones are tried all the same', async () => {
  expect(await walk([bad, good])).toMatchObject({
    passed: 1,
    failed: ['bad'],
    notTried: 0,
    said: ['FAIL bad', '             It is not.', '             next: Look elsewhere.', 'ok good: as it is promised'],
  });
});

test('where an essential one fails, or somebody interrupts, the rest is not tried', async () => {
  expect(await walk([{ ...bad, isEssential: true }, good, good])).toMatchObject({ passed: 0, notTried: 2 });
  const interrupted = await walk([good, stopped, good]);
  expect(interrupted).toMatchObject({ passed: 1, failed: [], notTried: 2, isInterrupted: true });
});

test('a step about keys is left out without one, and said to be', async () => {
  const { passed, failed, said } = await walk([{ ...bad, needsKeys: true }]);
  expect([passed, failed, said]).toEqual([0, [], ['skip         bad: this run has no key']]);
});
