import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import { MAX_NAMED_LEASES, nameLeases } from '../../../../src/domain/group/named-leases.ts';
import { LATER, running } from './group-fixture.ts';

test('leases that a server names are seen from then on, known ones with what is known of them', () => {
  const held = [{ id: 'a' }, { id: 'b' }];
  expect(nameLeases(held, ['a', 'c'])).toEqual([{ id: 'b' }, { id: 'a', seen: true }, { id: 'c', seen: true }]);
});

test('the leases that were named last are remembered', () => {
  const ids = Array.from({ length: MAX_NAMED_LEASES }, (_, index) => `lease-${index}`);
  const held = nameLeases([{ id: 'first' }], ids);
  expect(held.map(({ id }) => id)).toEqual(ids);
});

test('a report brings the leases that it names together with its count', () => {
  const report = { command: 'reportSessions', at: LATER, source: 'server', activeSessions: 1 } as const;
  const named: ContainerGroup | undefined = decide(running, { ...report, leases: ['a'] }).group;
  expect(named).toMatchObject({ activeSessions: 1, leases: [{ id: 'a', seen: true }] });
  expect(decide(running, report).group).not.toHaveProperty('leases');
});
