import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasTags,
  isOwnTag,
  ownTags,
  readOwnTags,
  sortTags,
  type OwnFacts,
} from '../../../../src/domain/group/own-tags.ts';

const facts: OwnFacts = {
  incarnation: 'first',
  owner: 'games',
  wishes: { maxSessions: 8, labels: { fleet: 'eu' }, readiness: 'report' },
};
const tags = {
  'aci-incarnation': 'first',
  'aci-owner': 'games',
  'aci-wishes': '{"maxSessions":8,"labels":{"fleet":"eu"},"readiness":"report"}',
};

test.each([
  ['aci-incarnation', true],
  ['ACI-Owner', true],
  ['aci-wishes', true],
  ['aci-wishes-12', true],
  ['aci-wishes-x', false],
  ['my-aci-wishes', false],
  ['cost', false],
])('a tag %s is ours alone: %s', (name, expected) => {
  expect(isOwnTag(name)).toBe(expected);
});

describe('the tags of a resource', () => {
  test('tell which group it is, whose, and what it was created with', () => {
    expect(ownTags(facts, 0)).toEqual(tags);
    expect(readOwnTags(tags)).toEqual(facts);
  });

  test('tell the incarnation alone where there is nothing else', () => {
    expect(ownTags({ incarnation: 'first' }, 0)).toEqual({ 'aci-incarnation': 'first' });
    expect(readOwnTags({})).toEqual({});
  });

  test('are sorted in whatever letter case somebody wrote their names', () => {
    const sorted = sortTags({ 'ACI-Owner': 'games', cost: 'center 7', Team: 'a' });
    expect(sorted).toEqual({ own: { 'aci-owner': 'games' }, otherCount: 2 });
  });

  test('leave out the labels where there is no room for them, then the other wishes, then the owner', () => {
    const long = { ...facts, wishes: { maxSessions: 8, labels: { note: 'x'.repeat(500) } } };
    const namesBeside = (otherCount: number): string[] => Object.keys(ownTags(long, otherCount));
    expect(namesBeside(45)).toEqual(['aci-incarnation', 'aci-owner', 'aci-wishes', 'aci-wishes-2', 'aci-wishes-3']);
    expect(readOwnTags(ownTags(long, 46))).toEqual({ ...facts, wishes: { maxSessions: 8 } });
    expect(namesBeside(47)).toEqual(['aci-incarnation', 'aci-owner', 'aci-wishes']);
    expect(namesBeside(48)).toEqual(['aci-incarnation', 'aci-owner']);
    expect(namesBeside(49)).toEqual(['aci-incarnation']);
  });

  test('hold labels of any length and letters in values that ARM takes, and give them back', () => {
    const label = fc.record({
      name: fc.string({ minLength: 1, maxLength: 63 }),
      value: fc.string({ unit: 'grapheme', maxLength: 256 }),
    });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 20 }), (all) => {
        const labels = Object.fromEntries(all.map(({ name, value }) => [`x${name}`, value]));
        const written = ownTags({ incarnation: 'first', wishes: { labels } }, 0);
        const isWhole = written['aci-wishes'] !== undefined;
        expect(Object.keys(written).length).toBeLessThanOrEqual(50);
        for (const value of Object.values(written)) expect(value).toMatch(/^[!-~]{1,256}$/);
        expect(readOwnTags(written).wishes).toEqual(isWhole ? { labels } : undefined);
      }),
    );
  });

  test.each([
    ['no JSON', { 'aci-wishes': '{"maxSessions":' }],
    ['no wishes', { 'aci-wishes': '{"maxSessions":"many"}' }],
    ['nothing', { 'aci-wishes': '' }],
  ])('tell no wishes where they are %s', (_, own) => {
    expect(readOwnTags(own)).toEqual({});
  });

  test('are others when one is missing, another, or too much', () => {
    const sorted = (own: Record<string, string>) => ({ own, otherCount: 0 });
    expect(hasTags(sorted(tags), tags)).toBe(true);
    expect(hasTags(sorted({ ...tags, 'aci-wishes-2': 'x' }), tags)).toBe(false);
    expect(hasTags(sorted({ ...tags, 'aci-owner': 'others' }), tags)).toBe(false);
    expect(hasTags(sorted({ 'aci-incarnation': 'first' }), tags)).toBe(false);
  });
});
