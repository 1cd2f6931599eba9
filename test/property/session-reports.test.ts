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
