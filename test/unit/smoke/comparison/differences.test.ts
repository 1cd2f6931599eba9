import { describe, expect, test } from 'vitest';
import { findDifferences } from '../../../../smoke/comparison/differences.ts';
import { readExpectation } from '../../../../smoke/comparison/expectation.ts';
import type { Facts } from '../../../../smoke/comparison/facts.ts';

const OF = 'the mark';
const LOCAL: Facts = { status: '200', 'header retry-after': '5', 'body.state': 'Running', 'body.code': 'x' };

function differences(here: Facts, of = OF, local = LOCAL) {
  return findDifferences({ answers: { [of]: local }, seconds: {} }, { answers: { [of]: here }, seconds: {} });
}

describe('what differs from the local stack', () => {
  test('is nothing where all is alike', () => {
    expect(differences({ ...LOCAL })).toEqual([]);
  });

  test('is shown with both values, also what is there on one side alone', () => {
    const { 'header retry-after': _absent, ...less } = LOCAL;
    expect(differences({ ...less, 'body.state': 'Failed', 'body.more': 'text' })).toEqual([
      { of: OF, fact: 'header retry-after', local: '5', here: 'absent' },
      { of: OF, fact: 'body.state', local: 'Running', here: 'Failed' },
      { of: OF, fact: 'body.more', local: 'absent', here: 'text' },
    ]);
  });

  test('is the status and the code where the status differs: the rest is another answer', () => {
    expect(differences({ status: '503' })).toEqual([
      { of: OF, fact: 'status', local: '200', here: '503' },
      { of: OF, fact: 'body.code', local: 'x', here: 'absent' },
    ]);
  });

  test('is an answer that nobody has recorded', () => {
    const here = { answers: { 'a new one': LOCAL }, seconds: {} };
    expect(findDifferences({ answers: {}, seconds: {} }, here)).toMatchObject([{ of: 'a new one', here: 'came' }]);
  });

  test.each([
    { of: 'the details', fact: 'body.containerGroup.sku' },
    { of: 'the details', fact: 'body.lastReport.source' },
    { of: 'the report of the last sweep', fact: 'body.reconciliation.ghosts' },
    { of: 'the report of the last sweep', fact: 'body.inspection.incidents' },
    { of: 'the second sweep', fact: 'status' },
    { of: 'the second sweep', fact: 'body.collected[].containerGroupName' },
    { of: 'a body in chunks', fact: 'status' },
    { of: 'without a key: the last sweep', fact: 'body.code' },
    { of: 'the creation', fact: 'header location' },
    { of: 'the name with another key', fact: 'body.statusUrls.restartPostUri' },
  ])('is no fault for $fact of $of', ({ of, fact }) => {
    const [found] = differences({ status: '200', [fact]: 'other' }, of, { status: '200' });
    expect(found?.fact).toBe(fact);
    expect(found?.because).toMatch(/\w+ \w+/);
  });

  test.each([
    { of: 'without a key: the last sweep', fact: 'status' },
    { of: 'the list', fact: 'body[].containerGroupName' },
    { of: 'the creation', fact: 'status' },
    { of: 'health', fact: 'body.status' },
  ])('may be one for $fact of $of', ({ of, fact }) => {
    const [found] = differences({ status: '200', [fact]: 'other' }, of, { status: '200' });
    expect(found).toBeDefined();
    expect(found).not.toHaveProperty('because');
  });

  test.each([
    { local: 1, here: 10.9, count: 0 },
    { local: 1, here: 11.1, count: 1 },
    { local: 20, here: 99, count: 0 },
    { local: 20, here: 101, count: 1 },
  ])('is a time of $here s where $local s are expected $count times, and never a fault', ({ local, here, count }) => {
    const found = findDifferences({ answers: {}, seconds: { step: local } }, { answers: {}, seconds: { step: here } });
    expect(found).toHaveLength(count);
    expect(found.filter(({ because }) => because === undefined)).toEqual([]);
  });
});

test('the record of the local stack is there, and holds no key, token or name of its run', () => {
  const expected = readExpectation();
  expect(Object.keys(expected.answers).length).toBeGreaterThan(40);
  expect(JSON.stringify(expected)).not.toMatch(/code=|sig=|smoke-|127\.0\.0\.1/);
});
