import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import {
  compare,
  isExpected,
  type Comparison,
  type DifferenceKind,
} from '../../../../src/domain/reconcile/difference.ts';
import type { SeenResource } from '../../../../src/domain/reconcile/seen-resource.ts';
import { addMs } from '../../../../src/domain/time.ts';
import {
  beingDeleted,
  BORN,
  creating,
  failed,
  marked,
  refusedCreation,
  running,
  untagged,
  vanished,
} from '../group/group-fixture.ts';
import { seen } from './seen-fixture.ts';

const viewpoint = { at: addMs(BORN, 600_000), owner: 'ours', failedCreationRetentionMs: 600_000 };
const noTags = { tags: { own: {}, otherCount: 1 } };
const different = (...kinds: DifferenceKind[]): Comparison => ({ is: 'different', incarnation: 'first', kinds });
const same: Comparison = { is: 'same' };
const known = (group: ContainerGroup) => ({ is: 'known', group }) as const;
const failedAs = (code: 'deletedOutside' | 'nameInUse' | 'tagMissing'): ContainerGroup => ({
  ...failed,
  failure: { code, message: '' },
});

describe('a resource without an entity', () => {
  test.each<[string, SeenResource, Comparison]>([
    ['of ours is an orphan', seen(), different('orphan')],
    ['of another installation is foreign', seen({ owner: 'theirs' }), { is: 'foreign' }],
    ['of somebody who knows nothing of us is foreign', seen({}, noTags), { is: 'foreign' }],
    [
      'that names no owner is left alone',
      seen({}, { tags: { own: { 'aci-incarnation': 'first' }, otherCount: 0 } }),
      { is: 'unclaimed', reason: 'noOwner' },
    ],
    [
      'of ours that does not say which group it is is left alone',
      seen({}, { tags: { own: { 'aci-owner': 'ours' }, otherCount: 0 } }),
      { is: 'unclaimed', reason: 'noIncarnation' },
    ],
    [
      'of ours that an operator has said is nobody’s group is left alone',
      seen({ incarnation: 'none' }),
      { is: 'unclaimed', reason: 'noIncarnation' },
    ],
  ])('%s', (_, resource, expected) => {
    expect(compare({ held: undefined, resource }, viewpoint)).toEqual(expected);
  });

  test('that says it is a group which has another name is left alone', () => {
    const copy: Comparison = { is: 'unclaimed', reason: 'copy' };
    expect(compare({ held: undefined, resource: seen(), isCopy: true }, viewpoint)).toEqual(copy);
  });

  test('is foreign to an installation without a name, when it has an owner', () => {
    const { owner: _owner, ...nameless } = viewpoint;
    expect(compare({ held: undefined, resource: seen() }, nameless)).toEqual({ is: 'foreign' });
  });

  test('that is gone, too, is nothing', () => {
    expect(compare({ held: undefined, resource: undefined }, viewpoint)).toEqual(same);
  });
});

describe('what is left to others', () => {
  test.each<[string, Parameters<typeof compare>[0]['held']]>([
    ['a group that is being created', known(creating)],
    ['a group whose deletion has begun', known(beingDeleted)],
    ['a state that another version of the app wrote', { is: 'unknown' }],
  ])('%s, with its resource or without', (_, held) => {
    expect(compare({ held, resource: undefined }, viewpoint)).toEqual(same);
    expect(compare({ held, resource: seen({ incarnation: 'second' }) }, viewpoint)).toEqual(same);
  });
});

describe('a group without its resource', () => {
  test.each<[string, ContainerGroup, Comparison]>([
    ['that ran is a ghost', running, different('ghost')],
    ['that was marked is a ghost', marked, different('ghost')],
    ['that failed some time ago is a ghost', failed, different('ghost')],
    ['that has just failed is left to be looked at', { ...failed, stateSince: addMs(BORN, 1) }, same],
    ['whose resource was untagged is a ghost', failedAs('tagMissing'), different('ghost')],
    ['that is known to be deleted is none', failedAs('deletedOutside'), same],
    ['whose name was in use is none', failedAs('nameInUse'), same],
    ['that Azure refused is none', refusedCreation, same],
  ])('%s', (_, group, expected) => {
    expect(compare({ held: known(group), resource: undefined }, viewpoint)).toEqual(expected);
    expect(compare({ held: known(group), resource: seen({ incarnation: 'second' }) }, viewpoint)).toEqual(expected);
  });
});

describe('a group with a resource of its name', () => {
  const compareWith = (resource: SeenResource, group: ContainerGroup = running) =>
    compare({ held: known(group), resource }, viewpoint);

  test.each([running, marked, { ...failed, endpoint: running.endpoint }])(
    'that is $state and shown as it is does not differ',
    (group) => {
      expect(compareWith(seen(), group)).toEqual(same);
    },
  );

  test('that does not say whose it is, is unmarked unless it has failed already', () => {
    expect(compareWith(seen({}, noTags))).toEqual(different('unmarked'));
    expect(compareWith(seen({}, noTags), failedAs('tagMissing'))).toEqual(same);
  });

  test.each([vanished, untagged])(
    'that had failed as $failure.code has returned, unless ARM calls it failed',
    (group) => {
      expect(compareWith(seen(), group)).toEqual(different('returned'));
      expect(compareWith(seen({}, { provisioningState: 'Failed' }), group)).toEqual(same);
      expect(compareWith(seen({ owner: 'theirs' }), group)).toEqual({ is: 'foreignOwner' });
      expect(compareWith(seen({}, noTags), group)).toEqual(same);
      const { failedFrom: _, ...neverRan } = group;
      expect(compareWith(seen(), neverRan)).toEqual(same);
    },
  );

  test('whose owner is another is left alone', () => {
    expect(compareWith(seen({ owner: 'theirs' }))).toEqual({ is: 'foreignOwner' });
  });

  test('of an earlier version has no owner yet', () => {
    const resource = seen({}, { tags: { own: { 'aci-incarnation': 'first' }, otherCount: 0 } });
    expect(compareWith(resource)).toEqual(different('untagged'));
    expect(compareWith(resource, failed)).toEqual(different('untagged'));
  });

  test('has no tags to miss where the installation has no name', () => {
    const { owner: _owner, ...nameless } = viewpoint;
    const resource = seen({}, { tags: { own: { 'aci-incarnation': 'first' }, otherCount: 0 } });
    expect(compare({ held: known(running), resource }, nameless)).toEqual(same);
    expect(compare({ held: known(running), resource: seen({ owner: 'theirs' }) }, nameless)).toEqual(same);
  });

  test('whose tags say something else of it than is known is untagged', () => {
    expect(compareWith(seen(), { ...running, maxSessions: 4 })).toEqual(different('untagged'));
  });

  test('at another address has moved, and can differ in its tags as well', () => {
    const endpoint = { publicIP: '20.0.0.9', ports: running.endpoint.ports };
    expect(compareWith(seen({}, { endpoint }))).toEqual(different('moved'));
    expect(compareWith(seen({}, { endpoint }), { ...running, maxSessions: 4 })).toEqual(different('moved', 'untagged'));
  });

  test('that has no address for the moment has not moved, unless it never had one', () => {
    const endpoint = { ports: [] };
    expect(compareWith(seen({}, { endpoint }))).toEqual(same);
    expect(compareWith(seen({}, { endpoint, wantsPublicIP: false }))).toEqual(same);
    expect(compareWith(seen({}, { endpoint }), { ...running, endpoint: { ports: running.endpoint.ports } })).toEqual(
      different('moved'),
    );
  });

  test.each(['Failed', 'canceled'])('that ARM calls %s is broken, unless that is known', (provisioningState) => {
    expect(compareWith(seen({}, { provisioningState }))).toEqual(different('broken'));
    expect(compareWith(seen({}, { provisioningState }), failed)).toEqual(same);
  });
});

test.each<[string, Parameters<typeof isExpected>[0], boolean]>([
  ['a group that runs', known(running), true],
  ['one that failed some time ago', known(failed), true],
  ['one that failed a moment ago', known({ ...failed, stateSince: addMs(BORN, 1) }), false],
  ['one that is known to be deleted', known(vanished), false],
  ['one that is being created', known(creating), false],
  ['one whose deletion has begun', known(beingDeleted), false],
  ['a state that another version of the app wrote', { is: 'unknown' }, false],
  ['a name without an entity', undefined, false],
])('a resource of %s is missed or not', (_, held, expected) => {
  expect(isExpected(held, viewpoint)).toBe(expected);
});
