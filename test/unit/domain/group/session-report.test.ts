import { expect, test } from 'vitest';
import {
  MAX_EARLIER_BOOT_IDS,
  type ContainerGroup,
  type SessionReportMark,
} from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { LATER, running } from './group-fixture.ts';

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

test('a report without boot and sequence keeps what is known of both', () => {
  const group: ContainerGroup = {
    ...running,
    lastReport: { at: LATER, bootId: 'a', sequence: 4, earlierBootIds: ['z'] },
  };
  expect(decide(group, report({})).group?.lastReport).toEqual({
    at: LATER,
    bootId: 'a',
    sequence: 4,
    earlierBootIds: ['z'],
  });
});

test('a new boot forgets the sequence of the old one and remembers its id', () => {
  const group: ContainerGroup = { ...running, lastReport: { at: LATER, bootId: 'a', sequence: 4 } };
  expect(decide(group, report({ bootId: 'b' })).group?.lastReport).toEqual({
    at: LATER,
    bootId: 'b',
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
