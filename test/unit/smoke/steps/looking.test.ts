import { describe, expect, test } from 'vitest';
import { createSmokeRun } from '../../../../smoke/smoke-run.ts';
import { looking } from '../../../../smoke/steps/looking.ts';
import { answerOf } from '../answer-fixture.ts';
import { optionsFor } from '../options-fixture.ts';

/** Tries the step about the container's own report, as in Azure: a local stack's containers report nothing. */
async function lookForReport(details: object, log: string, image?: string): Promise<string | undefined> {
  const options = optionsFor('https://func-aci-abc.azurewebsites.net', { image });
  const logs = answerOf(200, { containerName: 'server', content: log });
  const ask = (path: string) => Promise.resolve(path.includes('type=logs') ? logs : answerOf(200, details));
  const client = { ask, follow: () => Promise.reject(new Error('Nothing is followed.')) };
  const stop = new AbortController().signal;
  const run = createSmokeRun(options, client, { stop, say: () => undefined, answers: {} });
  return looking.find(({ name }) => name.includes('own token'))?.run(run);
}

describe("the container's own report", () => {
  test('is seen by what the details say of the last report', async () => {
    expect(await lookForReport({ lastReport: { source: 'server' } }, '')).toContain('from inside the container');
  });

  test.each([
    { log: 'listening on port 80\nsession report answered 401\n', says: 'session report answered 401' },
    { log: 'session report failed: ENOTFOUND\n', says: 'session report failed: ENOTFOUND' },
  ])('is told to have failed by the words of the container: $says', async ({ log, says }) => {
    const details = { lastReport: { source: 'matchmaker' } };
    await expect(lookForReport(details, log)).rejects.toThrow(`The container says: ${says}.`);
  });

  test('is not asked of an image that was not told to report', async () => {
    expect(await lookForReport({}, '', 'example/game:1')).toContain('not tried');
  });
});
