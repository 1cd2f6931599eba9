import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOf, type Lease } from '../../src/domain/seat/lease.ts';
import { LEASE_KEPT_MS, seatBookSchema } from '../../src/domain/seat/seat-book.ts';
import { elapsedMs } from '../../src/domain/time.ts';
import { servers, steps } from './seat-steps.ts';
import { SeatWorld } from './seat-world.ts';
import { strictForm } from './strict-form.ts';

/** Plays with a world, and looks at it after every step; each world has a look of its own. */
function always(newCheck: () => (world: SeatWorld, wronged: string[]) => void): void {
  fc.assert(
    fc.property(servers, steps, (each, all) => {
      const world = new SeatWorld(each);
      const check = newCheck();
      for (const [ms, take] of all) {
        world.pass(ms);
        check(world, world.take(take));
      }
    }),
    { numRuns: 1_000 },
  );
}

test('no seat is sold twice, whatever comes late, twice, never, or out of order', () => {
  always(() => (world) => {
    for (const { sold, seats } of world.seatsSold()) {
      expect(sold).toBeLessThanOrEqual(seats);
    }
  });
});

test('no group is deleted on which somebody plays, or may yet come', () => {
  always(() => (_world, wronged) => {
    expect(wronged).toEqual([]);
  });
});

test('a request has one lease at the most, and the same one until long after its end', () => {
  always(() => {
    let known: [string, Lease][] = [];
    return ({ book, now }) => {
      const leases = Object.entries(book?.leases ?? {});
      const byRequest = new Map(leases.map(([id, { requestId }]) => [requestId, id]));
      expect(byRequest.size).toBe(leases.length);
      for (const [id, lease] of known.filter(([, each]) => elapsedMs(endOf(each), now) < LEASE_KEPT_MS)) {
        expect(byRequest.get(lease.requestId)).toBe(id);
      }
      known = leases;
    };
  });
});

const storedBook = strictForm(seatBookSchema);

test('a book is stored and read again with every field that it has', () => {
  always(() => ({ book }) => {
    expect(book === undefined ? undefined : storedBook.parse(JSON.parse(JSON.stringify(book)))).toStrictEqual(book);
  });
});
