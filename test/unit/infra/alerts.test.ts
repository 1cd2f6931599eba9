import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logThrottling } from '../../../src/aci/log-throttling.ts';
import { containerGroupEntity } from '../../../src/contracts/container-group.ts';
import { emptyReport, type SweepReport } from '../../../src/domain/sweep/garbage.ts';
import { explainMassAbsence } from '../../../src/domain/reconcile/mass-absence.ts';
import { emptyReconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import { readReconciliationSigns } from '../../../src/domain/reconcile/reconciliation-signs.ts';
import { readSweepSigns } from '../../../src/domain/sweep/sweep-signs.ts';
import { addMs } from '../../../src/domain/time.ts';
import { describeOutcome } from '../../../src/triggers/aci-monitor.ts';
import { runQuery, type Tables } from './kusto.ts';
import { resourcesOf } from './scenario.ts';
import { durableRequest, httpRequest, logLine } from './telemetry-rows.ts';

const NOW = '2026-11-28T12:00:00Z';
const FAILED = 'game-1 Creating → Failed in 31.2 s: imagePullFailed: the image is not there.';

const query = (name: string): string =>
  readFileSync(new URL(`../../../infra/queries/${name}.kql`, import.meta.url), 'utf8');

const sweptAt = '2026-11-28T11:59:00.000Z';
const line = (last: SweepReport, silenceMs = 0): string =>
  readSweepSigns({ lastUpdatedTime: addMs(sweptAt, -silenceMs), status: { last } }, sweptAt, 300_000).line;

/** Half an hour of an app whose sweep goes on, as Application Insights has it; four reports stand for the one that was not sampled out. */
const healthy: Tables = {
  requests: [
    durableRequest('activity:findGarbage'),
    durableRequest('orchestration:collectGarbage@(0.2.0)', 86_400_000),
    httpRequest('GET', '/api/ACIList', 40),
    { ...httpRequest('POST', '/api/ACIReport', 60), itemCount: 4 },
  ],
  traces: [
    logLine('restartEternalOrchestrations', line(emptyReport(11, sweptAt))),
    logLine('restartEternalOrchestrations', line(emptyReport(12, sweptAt))),
    logLine('restartEternalOrchestrations', line(emptyReport(12, sweptAt))),
  ],
};

/** The same of one whose first sweeps broke, and which then got stuck. */
const ill: Tables = {
  requests: healthy.requests,
  traces: [
    logLine('restartEternalOrchestrations', line({ ...emptyReport(12, sweptAt), broken: true })),
    logLine('restartEternalOrchestrations', line(emptyReport(12, sweptAt), 3_600_000)),
    logLine('restartEternalOrchestrations', line(emptyReport(12, sweptAt), 3_660_000)),
    logLine('containerGroup', FAILED),
    logLine('ACIMonitor', describeOutcome('foreign')),
    logLine('createContainerGroup', 'game-1 throttled by Azure, which asks for 5000 ms'),
  ],
};

/** What is asked for an hour after a deployment that began at `deployedAt`. */
const sweeps = (deployedAt: string): string =>
  query('sweeps').replace('WATCHED_FROM', `${addMs(deployedAt, 3_600_000).slice(0, 19)}Z`);

describe('the queries, over rows as OpenTelemetry has them,', () => {
  it('count a sweep that goes on, and neither one that breaks nor one that is stuck', () => {
    expect(runQuery(sweeps('2026-11-01T00:00:00Z'), healthy, NOW)).toEqual({ found: 3 });
    expect(runQuery(sweeps('2026-11-01T00:00:00Z'), ill, NOW)).toEqual({ found: 0 });
  });

  it('count nothing that is missing in the first hour of an installation', () => {
    const nothing = { requests: [], traces: [] };
    expect(runQuery(sweeps('2026-11-28T11:30:00Z'), nothing, NOW)).toEqual({ found: 1 });
    expect(runQuery(sweeps('2026-11-28T11:00:00Z'), nothing, NOW)).toEqual({ found: 0 });
  });

  it('count a reconciliation that goes on, and none that is stuck, breaks or holds back', () => {
    const reconciliations = (...lines: string[]): number | undefined => {
      const asked = query('reconciliations').replace('WATCHED_FROM', '2026-11-01T00:00:00Z');
      const traces = lines.map((each) => logLine('restartEternalOrchestrations', each));
      return runQuery(asked, { requests: [], traces }, NOW)['found'];
    };
    const empty = emptyReconciliation(7, sweptAt);
    const sign = (silenceMs: number, resourceGroup?: string): string => {
      const failure = explainMassAbsence({ absentCount: 9, expectedCount: 9 }, 1);
      const failed = resourceGroup === undefined ? [] : [{ resourceGroup, containerGroupName: '*', failure }];
      const seen = { lastUpdatedTime: addMs(sweptAt, -silenceMs), status: { last: { ...empty, failed } } };
      return readReconciliationSigns(seen, sweptAt, 300_000).line;
    };
    expect(reconciliations(sign(0), sign(0), line(emptyReport(12, sweptAt)))).toBe(2);
    expect(reconciliations(sign(3_600_000), sign(0, '*'))).toBe(0);
    expect(reconciliations(sign(0), sign(0, 'games'))).toBe(0);
    expect(reconciliations()).toBe(0);
  });

  it('count what failed and what was throttled', () => {
    for (const [name, column] of Object.entries({ 'failed-provisioning': 'failed', throttled: 'throttled' })) {
      expect(runQuery(query(name), ill, NOW)).toEqual({ found: 1 });
      expect(runQuery(query(name), healthy, NOW)).toEqual({ found: 0 });
      expect(runQuery(query(`workbook-${name}`), ill, NOW)).toEqual({ [column]: 1 });
    }
  });

  it('draw each sweep once, however often it is spoken of', () => {
    expect(runQuery(query('workbook-sweeps'), healthy, NOW)).toEqual({ sweeps: 2, broken: 0, stuckMinutes: 0 });
    expect(runQuery(query('workbook-sweeps'), ill, NOW)).toEqual({ sweeps: 0, broken: 1, stuckMinutes: 2 });
  });

  it('draw the events that ACIMonitor took', () => {
    expect(runQuery(query('workbook-events'), ill, NOW)).toEqual({ events: 1 });
    expect(runQuery(query('workbook-events'), healthy, NOW)).toEqual({ events: 0 });
  });

  // The span of an orchestration begins where its instance did, days ago (durabletask, StartTraceActivityForOrchestrationExecution).
  it('draw calls to the API alone, with those that were sampled out', () => {
    expect(runQuery(query('workbook-requests'), healthy, NOW)).toEqual({ requests: 5, p95DurationMs: 60 });
  });
});

describe('the alerts', () => {
  it('are for failed provisioning, a sweep or a reconciliation that does not run, and throttling', () => {
    expect(
      resourcesOf('one-click', 'Microsoft.Insights/scheduledQueryRules').map(({ name }) =>
        name.split('-').slice(2).join('-'),
      ),
    ).toStrictEqual(['failed-provisioning', 'sweep-not-running', 'reconciliation-not-running', 'throttled']);
    expect(resourcesOf('no-code', 'Microsoft.Insights/scheduledQueryRules')).toStrictEqual([]);
  });

  it.for(['failed-provisioning', 'sweeps', 'reconciliations', 'throttled'])(
    'end in one row, also when nothing is found (%s)',
    (name) => {
      expect(query(name).trim()).toMatch(/\| summarize found = (iff\(.+, 1, .*)?count(if)?\(.*\)+$/);
    },
  );

  it.for([1, 2])('leave the eternal orchestrations alone for an hour after a deployment (%i)', (index) => {
    const rule = resourcesOf('one-click', 'Microsoft.Insights/scheduledQueryRules')[index];
    const asked = `dateTimeAdd(utcNow('u'), 'PT1H', 'yyyy-MM-ddTHH:mm:ssZ')`;
    expect(JSON.stringify(rule?.properties?.['criteria'])).toContain(`'WATCHED_FROM', ${asked})`);
  });

  it('look for failed provisionings in the words that the entity logs', () => {
    const pattern = /matches regex @"(.+)"/.exec(query('failed-provisioning'))?.[1] ?? 'none';
    expect(FAILED).toMatch(new RegExp(pattern));
    expect('game-1 Running → Failed in 31.2 s: crashLoop: it ended five times.').not.toMatch(new RegExp(pattern));
    expect(containerGroupEntity.operations).toHaveProperty('failProvisioning');
  });

  it('look for throttling in the words that activities log', () => {
    const lines: string[] = [];
    logThrottling({ ok: false, failure: { code: 'throttled', message: '' } }, 'game-1', (each) => lines.push(each));
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
