import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { countRestarts, RESTART_WINDOW_MS, type LookTimes } from '../../../../src/domain/inspect/restart-count.ts';
import { addMs, type Instant } from '../../../../src/domain/time.ts';
import { adopted, BORN, running } from '../group/group-fixture.ts';
import { ended, server } from './resource-fixture.ts';

const MINUTE_MS = 60_000;
const minutes = (count: number): Instant => addMs(BORN, count * MINUTE_MS);
const intervalMs = 5 * MINUTE_MS;

/** Looks at a group every time that is given, and keeps what each look leaves. */
function look(group: ContainerGroup, looks: [minute: number, restartCount: number][], lastLookAt?: Instant) {
  let known = group;
  let last = lastLookAt;
  return looks.map(([minute, restartCount]) => {
    const times: LookTimes = { at: minutes(minute), intervalMs, ...(last !== undefined && { lastLookAt: last }) };
    const counted = countRestarts(known, [{ ...server, restartCount }], times);
    known = counted.restarts === undefined ? known : { ...known, restarts: counted.restarts };
    last = times.at;
    const [first] = counted.restarted;
    return { isKept: counted.restarts !== undefined, by: first?.by ?? 0, within: counted.within.get('server') };
  });
}

const unchanged = { isKept: false, by: 0, within: 0 };

describe('the restarts of a group', () => {
  test('leave nothing to be kept while there are none', () => {
    expect(
      look(running, [
        [1, 0],
        [6, 0],
        [60, 0],
      ]),
    ).toEqual([unchanged, unchanged, unchanged]);
  });

  test('are told once, and counted together within the window', () => {
    expect(
      look(running, [
        [2, 1],
        [4, 1],
        [7, 2],
      ]),
    ).toEqual([
      { isKept: true, by: 1, within: 1 },
      { isKept: false, by: 0, within: 1 },
      { isKept: true, by: 1, within: 2 },
    ]);
  });

  test('that are old count no more, those since the last look do', () => {
    expect(
      look(running, [
        [2, 1],
        [295, 1],
        [300, 3],
      ]),
    ).toEqual([
      { isKept: true, by: 1, within: 1 },
      { isKept: false, by: 0, within: 0 },
      { isKept: true, by: 2, within: 2 },
    ]);
  });

  test('since nobody knows when count for nothing, and are told', () => {
    expect(look(running, [[300, 5]])).toEqual([{ isKept: true, by: 5, within: 0 }]);
    const known = { ...running, restarts: { since: BORN, containers: [{ name: 'server', before: 0, count: 2 }] } };
    expect(look(known, [[300, 5]])).toEqual([{ isKept: true, by: 3, within: 0 }]);
  });

  test('of a group that was looked at before without any began after that look', () => {
    expect(look({ ...running, stateSince: minutes(1) }, [[300, 2]], minutes(295))).toEqual([
      { isKept: true, by: 2, within: 2 },
    ]);
    expect(look({ ...running, stateSince: minutes(296) }, [[300, 2]], minutes(295))).toEqual([
      { isKept: true, by: 2, within: 0 },
    ]);
  });

  test('of a group that was adopted begin with those that it has', () => {
    expect(
      look(adopted, [
        [1, 50],
        [6, 52],
      ]),
    ).toEqual([
      { isKept: true, by: 0, within: 0 },
      { isKept: true, by: 2, within: 2 },
    ]);
  });

  test('of a group that was adopted are known from the first look on that shows those of all containers', () => {
    expect(
      look(adopted, [
        [1, 0],
        [6, 1],
      ]),
    ).toEqual([
      { isKept: true, by: 0, within: 0 },
      { isKept: true, by: 1, within: 1 },
    ]);
    const { restartCount: _restartCount, ...unseen } = server;
    const containers = [{ ...server, name: 'other', restartCount: 1 }, unseen];
    expect(countRestarts(adopted, containers, { at: minutes(1), intervalMs })).not.toHaveProperty('restarts');
  });

  test('begin anew with another instance of the container', () => {
    expect(
      look(running, [
        [2, 4],
        [4, 1],
        [6, 0],
      ]),
    ).toEqual([
      { isKept: true, by: 4, within: 4 },
      { isKept: true, by: 1, within: 1 },
      { isKept: true, by: 0, within: 0 },
    ]);
  });

  test('are counted over two intervals where these are longer than the window', () => {
    const hour = 60 * MINUTE_MS;
    const times = { at: addMs(BORN, RESTART_WINDOW_MS + MINUTE_MS), intervalMs: hour };
    expect(countRestarts(running, [{ ...server, restartCount: 3 }], times).within.get('server')).toBe(3);
    expect(
      countRestarts(running, [{ ...server, restartCount: 3 }], { ...times, intervalMs }).within.get('server'),
    ).toBe(0);
  });

  test('that one look does not show are none, and those that were known are kept', () => {
    const restarts = { since: BORN, containers: [{ name: 'server', before: 1, count: 9 }] };
    const known = { ...running, restarts };
    const { restartCount: _restartCount, ...unseen } = server;
    const other = { ...server, name: 'other', restartCount: 1 };
    const times = { at: minutes(5), intervalMs };
    expect(countRestarts(known, [unseen], times)).toEqual({ restarted: [], within: new Map() });
    expect(countRestarts(known, [unseen, other], times).restarts).toEqual({
      since: BORN,
      containers: [
        { name: 'other', before: 0, count: 1 },
        { name: 'server', before: 1, count: 9 },
      ],
    });
    expect(countRestarts(known, [unseen, other], { ...times, at: minutes(60) }).restarts?.containers[1]).toEqual({
      name: 'server',
      before: 9,
      count: 9,
    });
    expect(look(known, [[10, 9]])).toEqual([{ isKept: false, by: 0, within: 8 }]);
  });

  test('count together only since the last end in order, which is kept though nothing else is new', () => {
    const after = (exitCode: number, restartCount: number) => ended(exitCode, { state: 'Running', restartCount });
    const times = { at: minutes(5), intervalMs };
    const orderly = countRestarts(running, [after(0, 2)], times);
    expect(orderly.within.get('server')).toBe(0);
    expect(orderly.restarts?.containers).toEqual([{ name: 'server', before: 2, count: 2 }]);
    const known = { ...running, ...(orderly.restarts && { restarts: orderly.restarts }) };
    expect(countRestarts(known, [after(0, 2)], times)).not.toHaveProperty('restarts');
    expect(countRestarts(known, [after(1, 3)], times).within.get('server')).toBe(1);
    const crashed = { ...running, restarts: { since: BORN, containers: [{ name: 'server', before: 0, count: 2 }] } };
    expect(countRestarts(crashed, [ended(0, { restartCount: 2 })], times)).toMatchObject({
      restarts: { since: BORN, containers: [{ name: 'server', before: 2, count: 2 }] },
      restarted: [],
    });
  });
});
