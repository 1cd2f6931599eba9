import { expect, test } from 'vitest';
import { ABSENCE_CERTAIN_AFTER_MS, absenceUncertainForMs } from '../../../../src/domain/group/absence.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN } from './group-fixture.ts';

test.each([
  { says: 'a group just created', group: {}, ageMs: 0, uncertainForMs: ABSENCE_CERTAIN_AFTER_MS },
  { says: 'a group created a while ago', group: {}, ageMs: 14_000, uncertainForMs: 1_000 },
  { says: 'a group old enough', group: {}, ageMs: ABSENCE_CERTAIN_AFTER_MS, uncertainForMs: 0 },
  { says: 'a group of yesterday', group: {}, ageMs: 86_400_000, uncertainForMs: 0 },
  { says: 'a group whose IP ARM has shown', group: { publicIP: '20.0.0.1' }, ageMs: 0, uncertainForMs: 0 },
  {
    says: 'a group whose name ARM has shown',
    group: { fqdn: 'game.westeurope.azurecontainer.io' },
    ageMs: 0,
    uncertainForMs: 0,
  },
])('a 404 for $says is no proof for $uncertainForMs ms', ({ group, ageMs, uncertainForMs }) => {
  expect(absenceUncertainForMs({ createdAt: BORN, ...group }, addMs(BORN, ageMs))).toBe(uncertainForMs);
});
