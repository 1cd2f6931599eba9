import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePort, findMapped, mapPorts } from '../../../../../local/arm/containers/port-map.ts';

const anyPort = fc.record({
  protocol: fc.constantFrom('TCP', 'UDP', 'udp'),
  port: fc.integer({ min: 1, max: 65_535 }),
});
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('each port has one of its own, outside of those that systems hand out, and that nobody has', () => {
  fc.assert(
    fc.property(fc.array(anyPort, { maxLength: 8 }), anyRandom, fc.nat(9_000), (asked, random, count) => {
      const taken = new Set(Array.from({ length: count }, (_, index) => 20_000 + index));
      const map = mapPorts(asked, { before: [], taken, random: () => random });
      const mapped = map.map((port) => port.mapped);
      expect(new Set(mapped).size).toBe(mapped.length);
      expect(mapped.every((port) => port >= 20_000 && port < 30_000 && !taken.has(port))).toBe(true);
      expect(asked.every((port) => findMapped(map, port) !== undefined)).toBe(true);
    }),
  );
});

test('a port that is asked for again keeps its own, although it is taken by then', () => {
  const before = mapPorts([{ port: 9000, protocol: 'UDP' }], { before: [], taken: new Set(), random: () => 0 });
  const taken = new Set(before.map(({ mapped }) => mapped));
  const asked = [{ port: 9001 }, { port: 9000, protocol: 'UDP' }, { port: 9000, protocol: 'TCP' }];
  expect(mapPorts(asked, { before, taken, random: () => 0 })).toEqual([
    { protocol: 'TCP', port: 9001, mapped: 20_001 },
    { protocol: 'UDP', port: 9000, mapped: 20_000 },
    { protocol: 'TCP', port: 9000, mapped: 20_002 },
  ]);
});

test('when every port is taken, that is said', () => {
  const all = new Set(Array.from({ length: 10_000 }, (_, index) => 20_000 + index));
  expect(() => choosePort(all, () => 0.5)).toThrow('All 10000 ports from 20000 are taken');
});
