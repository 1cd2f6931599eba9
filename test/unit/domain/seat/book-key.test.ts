import { describe, expect, test } from 'vitest';
import { bookKey, fleetOf, MAX_FLEET_LENGTH } from '../../../../src/domain/seat/book-key.ts';

describe('the book of a fleet', () => {
  test.each([
    ['arena-1', 'arena-1'],
    ['Arena', '_1t_rena'],
    ['a/b#c?', 'a_1b_b_z_c_1r_'],
    ['a_1b_b', 'a_2n_1b_2n_b'],
    ['Spiel🎲', '_2b_piel_2qpe_'],
  ])('of %s has a key that everything takes', (fleet, key) => {
    expect(bookKey(fleet)).toBe(key);
    expect(key).toMatch(/^[a-z0-9_-]+$/);
  });

  test('of a long name, and of none, has none', () => {
    expect(bookKey('')).toBeUndefined();
    expect(bookKey('a'.repeat(MAX_FLEET_LENGTH))).toHaveLength(MAX_FLEET_LENGTH);
    expect(bookKey('a'.repeat(MAX_FLEET_LENGTH + 1))).toBeUndefined();
  });
});

test('a group belongs to the fleet that its label names, or to the default one', () => {
  expect(fleetOf({ labels: { fleet: 'arena', map: 'dust' } })).toBe('arena');
  expect(fleetOf({ labels: { map: 'dust' } })).toBe('default');
  expect(fleetOf({ labels: { fleet: '' } })).toBe('default');
  expect(fleetOf({})).toBe('default');
});
