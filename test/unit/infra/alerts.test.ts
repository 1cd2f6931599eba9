import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logThrottling } from '../../../src/aci/log-throttling.ts';
import { containerGroupEntity } from '../../../src/contracts/container-group.ts';
import { findGarbage } from '../../../src/contracts/garbage-collection.ts';
import { resourcesOf } from './scenario.ts';

const query = (name: string): string =>
  readFileSync(new URL(`../../../infra/queries/${name}.kql`, import.meta.url), 'utf8');

describe('the alerts', () => {
  it('are for failed provisioning, a sweep that does not run, and throttling', () => {
    expect(
      resourcesOf('one-click', 'Microsoft.Insights/scheduledQueryRules').map(({ name }) =>
        name.split('-').slice(2).join('-'),
      ),
    ).toStrictEqual(['failed-provisioning', 'sweep-not-running', 'throttled']);
    expect(resourcesOf('no-code', 'Microsoft.Insights/scheduledQueryRules')).toStrictEqual([]);
  });

  it.for(['failed-provisioning', 'sweeps', 'throttled'])('end in one row, also when nothing is found (%s)', (name) => {
    expect(query(name).trim()).toMatch(/\| summarize found = count\(\)$/);
  });

  it('look for sweeps by the name of the activity that every sweep runs', () => {
    expect(query('sweeps')).toContain(`name == "${findGarbage.name}"`);
    expect(query('workbook-sweeps')).toContain(`name == "${findGarbage.name}"`);
  });

  it('look for failed provisionings in the words that the entity logs', () => {
    const pattern = /matches regex @"(.+)"/.exec(query('failed-provisioning'))?.[1] ?? 'none';
    expect('game-1 Creating → Failed in 31.2 s: imagePullFailed: the image is not there.').toMatch(new RegExp(pattern));
    expect('game-1 Running → Failed in 31.2 s: crashLoop: it ended five times.').not.toMatch(new RegExp(pattern));
    expect(containerGroupEntity.operations).toHaveProperty('failProvisioning');
  });

  it('look for throttling in the words that activities log', () => {
    const lines: string[] = [];
    logThrottling({ ok: false, failure: { code: 'throttled', message: '' } }, 'game-1', (line) => lines.push(line));
    for (const name of ['throttled', 'workbook-throttled']) {
      expect(lines[0]).toContain(/message has "(.+)"/.exec(query(name))?.[1] ?? 'none');
    }
  });

  it('are sent to somebody where an address is given', () => {
    const [group] = resourcesOf('everything', 'Microsoft.Insights/actionGroups');
    expect(group?.properties).toMatchObject({ emailReceivers: [{ emailAddress: 'operator@example.org' }] });
    for (const type of ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts']) {
      for (const { properties } of resourcesOf('everything', type)) {
        expect(JSON.stringify(properties?.['actions'])).toContain(group?.id);
      }
    }
  });
});
