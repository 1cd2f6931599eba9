import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { GroupCommit } from '../../../../../../local/host/durable/store/group-commit.ts';

function open() {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const woken: string[][] = [];
  const commit = new GroupCommit(database, ({ instanceIds }) => woken.push([...instanceIds]));
  const add = (id: number) =>
    commit.write((wakeups) => {
      insert.run(id);
      wakeups.instanceIds.add(String(id));
      return id * 10;
    });
  const ids = () =>
    database
      .prepare('SELECT id FROM t ORDER BY id')
      .all()
      .map((row) => row['id']);
  return { commit, add, ids, woken };
}

it('commits the writes of one turn together, and tells what became ready once', async () => {
  const { add, ids, woken } = open();
  expect(await Promise.all([add(1), add(2), add(3)])).toEqual([10, 20, 30]);
  expect(ids()).toEqual([1, 2, 3]);
  expect(woken).toEqual([['1', '2', '3']]);
});

it('fails a write that throws, and that one alone', async () => {
  const { add, ids, woken } = open();
  await add(1);
  const outcomes = await Promise.allSettled([add(2), add(1), add(3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(ids()).toEqual([1, 2, 3]);
  expect(woken).toEqual([['1'], ['2'], ['3']]);
});

it('leaves nothing of a write that throws halfway', async () => {
  const { commit, ids, add } = open();
  const halfway = commit.write(() => {
    void add(7);
    throw new Error('halfway');
  });
  await expect(halfway).rejects.toThrow('halfway');
  await add(8);
  expect(ids()).toEqual([7, 8]);
});
