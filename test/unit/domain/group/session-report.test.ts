import { describe, expect, test } from 'vitest';
import type { ContainerGroup, SessionReportMark } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { readVerdict } from '../../../../src/domain/group/session-report.ts';
import { defined } from '../../../../src/domain/defined.ts';
import { beingDeleted, LATER, marked, running } from './group-fixture.ts';

type ReportSessions = CommandOf<'reportSessions'>;

/** When another report was received, later than the one that is judged. */
const AFTERWARDS = addMs(LATER, 1);

const report = (counts: Partial<ReportSessions>): ReportSessions => ({
  command: 'reportSessions',
  at: LATER,
  activeSessions: 5,
  ...counts,
});

const rows: {
  about: string;
  last?: Partial<SessionReportMark>;
  next: Partial<ReportSessions>;
  isTaken: boolean;
}[] = [
  { about: 'the first report', next: { sequence: 1 }, isTaken: true },
  { about: 'a higher sequence', last: { sequence: 1 }, next: { sequence: 2 }, isTaken: true },
  { about: 'the same sequence', last: { sequence: 2 }, next: { sequence: 2 }, isTaken: false },
  { about: 'a lower sequence', last: { sequence: 2 }, next: { sequence: 1 }, isTaken: false },
  { about: 'no sequence after one', last: { sequence: 2 }, next: {}, isTaken: true },
  { about: 'a sequence after none', last: {}, next: { sequence: 1 }, isTaken: true },
  {
    about: 'a new boot that counts from the start',
    last: { bootId: 'a', sequence: 9 },
    next: { bootId: 'b', sequence: 1 },
    isTaken: true,
  },
  {
    about: 'the same boot with a lower sequence',
    last: { bootId: 'a', sequence: 9 },
    next: { bootId: 'a', sequence: 8 },
    isTaken: false,
  },
  {
    about: 'a boot that was replaced',
    last: { bootId: 'b', earlierBootIds: ['a'] },
    next: { bootId: 'a', sequence: 10 },
    isTaken: false,
  },
  { about: 'one that was received before the last', last: { at: AFTERWARDS }, next: {}, isTaken: false },
  { about: 'one that was received with the last, and came later', last: {}, next: {}, isTaken: true },
  {
    about: 'one that was received before the last with a higher sequence',
    last: { at: AFTERWARDS, sequence: 1 },
    next: { sequence: 2 },
    isTaken: true,
  },
  {
    about: 'one that was received before the last, which had no sequence',
    last: { at: AFTERWARDS },
    next: { sequence: 2 },
    isTaken: false,
  },
  {
    about: 'a copy of the last',
    last: { receipts: [{ process: 'p', number: 2 }] },
    next: { receipt: { process: 'p', number: 2 } },
    isTaken: false,
  },
  {
    about: 'the next of the same moment',
    last: { receipts: [{ process: 'p', number: 2 }] },
    next: { receipt: { process: 'p', number: 3 } },
    isTaken: true,
  },
  {
    about: 'one of the same moment that another process received',
    last: { receipts: [{ process: 'p', number: 2 }] },
    next: { receipt: { process: 'q', number: 1 } },
    isTaken: true,
  },
  {
    about: 'a copy of the one before the last, all of the same moment',
    last: {
      receipts: [
        { process: 'p', number: 2 },
        { process: 'q', number: 1 },
      ],
    },
    next: { receipt: { process: 'p', number: 2 } },
    isTaken: false,
  },
  { about: 'no boot with a lower sequence', last: { bootId: 'a', sequence: 9 }, next: { sequence: 8 }, isTaken: false },
];

test.each(rows)('$about is taken: $isTaken', ({ last, next, isTaken }) => {
  const group: ContainerGroup = last === undefined ? running : { ...running, lastReport: { at: LATER, ...last } };
  const decision = decide(group, report(next));
  expect(decision.outcome).toBe(isTaken ? 'changed' : 'refused');
  expect(decision.group?.activeSessions).toBe(isTaken ? 5 : 0);
});

const BEFORE = addMs(LATER, -1_000);

describe('the counts of a matchmaker and of a server', () => {
  const tables: { about: string; reports: Partial<ReportSessions>[]; taken: boolean[] }[] = [
    {
      about: 'have sequences of their own',
      reports: [
        { source: 'matchmaker', sequence: 1_000 },
        { source: 'server', sequence: 1 },
        { source: 'server', sequence: 1 },
        { source: 'matchmaker', sequence: 1_000 },
        { source: 'server', sequence: 2 },
        { source: 'matchmaker', sequence: 1_001 },
      ],
      taken: [true, true, false, false, true, true],
    },
    {
      about: 'have boots of their own',
      reports: [
        { source: 'server', bootId: 'a', bootedAt: BEFORE },
        { source: 'matchmaker', bootId: 'm', bootedAt: addMs(BEFORE, -9) },
        { source: 'server', bootId: 'a', bootedAt: BEFORE },
        { source: 'matchmaker', bootId: 'm', bootedAt: addMs(BEFORE, -9) },
      ],
      taken: [true, true, true, true],
    },
    {
      about: 'have old boots of their own, of which a late report is known once more',
      reports: [
        { source: 'server', bootId: 'a', at: addMs(LATER, 1) },
        { source: 'matchmaker', at: addMs(LATER, 1) },
        { source: 'server', bootId: 'old', bootedAt: BEFORE, at: LATER },
        { source: 'server', bootId: 'a', bootedAt: LATER, at: addMs(LATER, 2) },
        { source: 'matchmaker', at: addMs(LATER, 3) },
        { source: 'server', bootId: 'older', bootedAt: addMs(BEFORE, -1), at: addMs(LATER, 4) },
        { source: 'server', bootId: 'older', at: addMs(LATER, 5) },
      ],
      taken: [true, true, false, true, true, false, false],
    },
    {
      about: 'are ordered by when they were received',
      reports: [
        { source: 'server', sequence: 1, at: addMs(LATER, 1) },
        { source: 'matchmaker', sequence: 1, at: LATER },
      ],
      taken: [true, false],
    },
  ];

  test.each(tables)('$about', ({ reports, taken }) => {
    let group: ContainerGroup | undefined = running;
    const outcomes = reports.map((next) => {
      const decision = decide(group, report(next));
      ({ group } = decision);
      return decision.outcome === 'changed';
    });
    expect(outcomes).toEqual(taken);
  });

  test('are known by the newest of them to a version that knows only one', () => {
    const first = decide(running, report({ source: 'matchmaker', sequence: 9 })).group;
    const { group } = decide(first, report({ source: 'server', bootId: 'a', sequence: 1, at: addMs(LATER, 1) }));
    expect(group?.lastReport).toMatchObject({ at: addMs(LATER, 1), bootId: 'a', sequence: 1 });
  });

  test('go both on from what a version wrote that knew only one, until one of them has taken it over', () => {
    const group: ContainerGroup = { ...running, lastReport: { at: LATER, sequence: 9 } };
    expect(decide(group, report({ source: 'matchmaker', sequence: 9 })).outcome).toBe('refused');
    expect(decide(group, report({ source: 'server', sequence: 9 })).outcome).toBe('refused');
    const { group: next } = decide(group, report({ source: 'matchmaker', sequence: 10 }));
    expect(decide(next, report({ source: 'server', sequence: 1 })).outcome).toBe('changed');
    expect(decide(next, report({ sequence: 9 })).outcome).toBe('refused');
  });
});

describe('what became of a report that was sent', () => {
  const sent: ReportSessions = report({ incarnation: running.incarnation, receipt: { process: 'p', number: 1 } });
  const taken = decide(marked, sent).group;
  const overtaken = decide(marked, report({ at: AFTERWARDS })).group;
  const looks: { about: string; group: ContainerGroup | undefined; verdict: string }[] = [
    { about: 'is open while it is not known', group: marked, verdict: 'pending' },
    { about: 'is known once it was taken', group: taken, verdict: 'accepted' },
    { about: 'is known once a newer one was taken', group: overtaken, verdict: 'accepted' },
    {
      about: 'stays known when the deletion began after it',
      group: { ...beingDeleted, ...defined({ lastReport: taken?.lastReport }) },
      verdict: 'accepted',
    },
    { about: 'is a refusal once the deletion has begun without it', group: beingDeleted, verdict: 'refused' },
    { about: 'is a refusal once the group is gone', group: undefined, verdict: 'refused' },
    {
      about: 'is a refusal once another has its name',
      group: { ...marked, incarnation: 'second' },
      verdict: 'refused',
    },
  ];

  test.each(looks)('$about', ({ group, verdict }) => {
    expect(readVerdict(group, sent)).toBe(verdict);
  });
});

test('a report without boot and sequence keeps what is known of both', () => {
  const group: ContainerGroup = {
    ...running,
    lastReport: { at: LATER, bootId: 'a', sequence: 4, earlierBootIds: ['z'] },
  };
  expect(decide(group, report({})).group?.lastReport).toEqual({
    at: LATER,
    bootId: 'a',
    bootHeardAt: LATER,
    sequence: 4,
    earlierBootIds: ['z'],
  });
});

describe('a server that reports with another boot than before', () => {
  const ofServer = { source: 'server', bootId: 'b' } as const;
  const before: ContainerGroup = {
    ...running,
    activeSessions: 4,
    lastReport: { at: LATER, source: 'server', bootId: 'a' },
  };

  test('was restarted, and the timeline tells how many sessions it had', () => {
    const { group } = decide(before, report({ ...ofServer, at: AFTERWARDS, activeSessions: 0, cause: 'request 9' }));
    expect(group?.timeline.at(-1)).toEqual({
      at: AFTERWARDS,
      state: 'Running',
      event: 'restarted',
      cause: 'request 9',
      detail: 'boot b; 4 sessions before',
    });
  });

  test.each<[string, ContainerGroup, Partial<ReportSessions>]>([
    ['its first boot', running, ofServer],
    ['the same boot', before, { ...ofServer, bootId: 'a', at: AFTERWARDS }],
    ['no boot', before, { source: 'server', at: AFTERWARDS }],
    ['the boot of a matchmaker', before, { ...ofServer, source: 'matchmaker', at: AFTERWARDS }],
    [
      'a boot of before',
      { ...before, lastReport: { at: LATER, source: 'server', bootId: 'a', earlierBootIds: ['b'] } },
      ofServer,
    ],
  ])('was not restarted when it is %s', (_, group, next) => {
    expect(decide(group, report(next)).group?.timeline).toEqual(group.timeline);
  });
});
