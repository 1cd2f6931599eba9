import { describe, expect, test } from 'vitest';
import { MAX_EARLIER_BOOT_IDS } from '../../../../src/domain/group/boot-order.ts';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { LATER, running } from './group-fixture.ts';

type ReportSessions = CommandOf<'reportSessions'>;

const BEFORE = addMs(LATER, -1_000);

const report = (counts: Partial<ReportSessions>): ReportSessions => ({
  command: 'reportSessions',
  at: LATER,
  activeSessions: 5,
  ...counts,
});

describe('boots', () => {
  const told = (bootId: string, bootedAt?: string, at: string = LATER): Partial<ReportSessions> => ({
    bootId,
    at,
    ...(bootedAt !== undefined && { bootedAt }),
  });
  const tables: { about: string; reports: Partial<ReportSessions>[]; taken: boolean[] }[] = [
    {
      about: 'a late first report of an old boot, by when the boots began',
      reports: [
        told('new', LATER, addMs(LATER, 1)),
        told('old', BEFORE, addMs(LATER, 2)),
        told('new', LATER, addMs(LATER, 3)),
      ],
      taken: [true, false, true],
    },
    {
      about: 'a late first report of an old boot, by when we first heard of the boots',
      reports: [
        told('new', undefined, addMs(LATER, 1)),
        told('old', undefined, LATER),
        told('new', undefined, addMs(LATER, 2)),
      ],
      taken: [true, false, true],
    },
    {
      about: 'an old boot that was late once and reports once more',
      reports: [
        told('new', undefined, addMs(LATER, 1)),
        told('old', undefined, LATER),
        told('old', undefined, addMs(LATER, 2)),
      ],
      taken: [true, false, false],
    },
    {
      about: 'a boot that says when it began only now',
      reports: [told('a'), told('a', BEFORE, addMs(LATER, 1)), told('b', addMs(BEFORE, -1), addMs(LATER, 2))],
      taken: [true, true, false],
    },
    {
      about: 'a boot that was taken for an older one until it said when it began',
      reports: [
        told('b', BEFORE, LATER),
        told('a', undefined, addMs(LATER, -1)),
        told('a', addMs(BEFORE, 2), addMs(LATER, 1)),
      ],
      taken: [true, false, true],
    },
    {
      about: 'a new boot that began at the same time as the one before',
      reports: [told('a', BEFORE), told('b', BEFORE, addMs(LATER, 1)), told('a', BEFORE, addMs(LATER, 2))],
      taken: [true, true, false],
    },
    {
      about: 'a boot whose clock is ahead, which began no later than we heard of it',
      reports: [told('a', addMs(LATER, 3_600_000)), told('b', addMs(LATER, 5_000), addMs(LATER, 10_000))],
      taken: [true, true],
    },
    {
      about: 'a boot that we heard of before the last report of the one before',
      reports: [
        told('a', undefined, BEFORE),
        told('a', undefined, addMs(LATER, 5)),
        told('b', undefined, LATER),
        told('a', undefined, addMs(LATER, 6)),
      ],
      taken: [true, true, true, false],
    },
  ];

  test.each(tables)('are ordered with $about', ({ reports, taken }) => {
    let group: ContainerGroup | undefined = running;
    const outcomes = reports.map((next) => {
      const decision = decide(group, report(next));
      ({ group } = decision);
      return decision.outcome === 'changed';
    });
    expect(outcomes).toEqual(taken);
  });
});

test('a new boot forgets the sequence of the old one and remembers its id', () => {
  const group: ContainerGroup = { ...running, lastReport: { at: LATER, bootId: 'a', sequence: 4 } };
  expect(decide(group, report({ bootId: 'b' })).group?.lastReport).toEqual({
    at: LATER,
    bootId: 'b',
    bootHeardAt: LATER,
    earlierBootIds: ['a'],
  });
});

test('only the newest replaced boots are remembered', () => {
  let group: ContainerGroup | undefined = running;
  for (let boot = 0; boot <= MAX_EARLIER_BOOT_IDS + 1; boot += 1) {
    ({ group } = decide(group, report({ bootId: `boot-${boot}` })));
  }
  expect(group?.lastReport?.earlierBootIds).toHaveLength(MAX_EARLIER_BOOT_IDS);
  expect(group?.lastReport?.earlierBootIds?.[0]).toBe('boot-1');
});
