import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { CommandOf } from '../../src/domain/group/group-command.ts';
import { addMs } from '../../src/domain/time.ts';
import { BORN, running } from '../unit/domain/group/group-fixture.ts';

type ReportSessions = CommandOf<'reportSessions'>;

const MAX_REPORTS = 8;

/** A report, by how long after the one before it was received (often in the same millisecond), and how often it is delivered. */
const received = fc.record({
  afterMs: fc.nat({ max: 2 }),
  activeSessions: fc.nat({ max: 5 }),
  deliveredCount: fc.integer({ min: 1, max: 3 }),
});

test('in whatever order reports without a sequence are delivered, and however often, the one received last counts', () => {
  fc.assert(
    fc.property(
      fc.array(received, { minLength: 1, maxLength: MAX_REPORTS }),
      fc.array(fc.nat(), { minLength: MAX_REPORTS * 3, maxLength: MAX_REPORTS * 3 }),
      (all, order) => {
        let at = BORN;
        const deliveries: ReportSessions[] = all.flatMap(({ afterMs, activeSessions, deliveredCount }, number) => {
          at = addMs(at, afterMs);
          const receipt = { process: 'a', number };
          const report: ReportSessions = { command: 'reportSessions', at, receipt, activeSessions };
          return Array.from({ length: deliveredCount }, () => report);
        });
        const group = deliveries
          .map((report, index) => ({ report, place: order[index] ?? 0 }))
          .toSorted((one, other) => one.place - other.place)
          .reduce<ContainerGroup | undefined>((before, { report }) => decide(before, report).group, running);
        expect(group?.activeSessions).toBe(all.at(-1)?.activeSessions);
      },
    ),
    { numRuns: 2_000 },
  );
});

/** A report that says anything: of an old boot or of the present one, of the server or of a matchmaker, now or late. */
const anyReport = fc.record(
  {
    source: fc.constantFrom('matchmaker', 'server'),
    at: fc.nat({ max: 20 }).map((ms) => addMs(BORN, ms)),
    activeSessions: fc.constant(9),
    bootId: fc.constantFrom('old', 'older', 'present'),
    sequence: fc.nat({ max: 50 }),
  },
  { requiredKeys: ['source', 'at', 'activeSessions'], noNullPrototype: true },
);
const BOOTED_AT: Record<string, string> = { older: addMs(BORN, -3), old: addMs(BORN, -2), present: addMs(BORN, -1) };

test('whatever came late and from whom, the next report of the present boot is taken', () => {
  fc.assert(
    fc.property(fc.array(anyReport, { maxLength: 12 }), fc.nat({ max: 12 }), (others, place) => {
      const present = (ms: number, sequence: number): ReportSessions => ({
        command: 'reportSessions',
        source: 'server',
        at: addMs(BORN, ms),
        bootId: 'present',
        bootedAt: addMs(BORN, -1),
        activeSessions: 3,
        sequence,
      });
      const before: ReportSessions[] = others.map((each) => ({
        command: 'reportSessions',
        ...each,
        ...(each.bootId !== undefined && { bootedAt: BOOTED_AT[each.bootId] ?? BORN }),
      }));
      const all = [...before.slice(0, place), present(10, 51), ...before.slice(place)];
      const group = all.reduce<ContainerGroup | undefined>((known, each) => decide(known, each).group, running);
      expect(decide(group, present(21, 52)).outcome).toBe('changed');
    }),
    { numRuns: 2_000 },
  );
});
