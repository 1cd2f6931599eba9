import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

// The same few requests each time: a test that fails now and then tells nothing. `npm run fuzz` looks for new ones.
test('mutated requests find no error, no crash, and no refusal that changes anything', async () => {
  const report = await fuzz({ seed: 1, requestCount: 1_000, log: () => undefined });
  expect(report.findings).toEqual([]);
  expect(report.requestCount).toBe(1_000);
  expect(report.comparedCount).toBeGreaterThan(500);
  expect(report.byStatus['200']).toBeGreaterThan(35);
  expect(report.heapGrowthMB).toBeLessThan(64);
});
