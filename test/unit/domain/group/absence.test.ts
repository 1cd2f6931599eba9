import { expect, test } from 'vitest';
import {
  ABSENCE_CERTAIN_AFTER_MS,
  absenceUncertainForMs,
  creationAskedUntil,
} from '../../../../src/domain/group/absence.ts';
import { addMs, elapsedMs } from '../../../../src/domain/time.ts';
import { BORN, LATER } from './group-fixture.ts';

test.each([
  { says: 'a group just asked for', group: {}, agoMs: 0, uncertainForMs: ABSENCE_CERTAIN_AFTER_MS },
  { says: 'a group asked for a while ago', group: {}, agoMs: 14_000, uncertainForMs: 1_000 },
  { says: 'a group that may yet be asked for', group: {}, agoMs: -60_000, uncertainForMs: 75_000 },
  { says: 'a group asked for long enough ago', group: {}, agoMs: ABSENCE_CERTAIN_AFTER_MS, uncertainForMs: 0 },
  { says: 'a group of yesterday', group: {}, agoMs: 86_400_000, uncertainForMs: 0 },
  { says: 'a group whose IP ARM has shown', group: { publicIP: '20.0.0.1' }, agoMs: 0, uncertainForMs: 0 },
  {
    says: 'a group whose name ARM has shown',
    group: { fqdn: 'game.westeurope.azurecontainer.io' },
    agoMs: 0,
    uncertainForMs: 0,
  },
])('a 404 for $says is no proof for $uncertainForMs ms', ({ group, agoMs, uncertainForMs }) => {
  expect(absenceUncertainForMs(group, BORN, addMs(BORN, agoMs))).toBe(uncertainForMs);
});

test.each([
  { says: 'ended by itself', end: { at: LATER, isOrderly: true }, seconds: 1 },
  { says: 'was terminated or broke, with an activity on its way', end: { at: LATER, isOrderly: false }, seconds: 361 },
])('ARM may have been asked up to $seconds s after the provisioning $says', ({ end, seconds }) => {
  expect(elapsedMs(LATER, creationAskedUntil(end, BORN))).toBe(seconds * 1_000);
});

test('a provisioning that is not known any more ended before the deletion began', () => {
  expect(creationAskedUntil(undefined, BORN)).toBe(BORN);
});
