import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreFact } from '../facts.ts';

const FILE = 'task-hub-containergroups.sqlite';

/** Weighs what a hub has stored, in a copy of its file, which it holds for itself. */
export function weighStore(hostDirectory: string, atMs: number): StoreFact {
  const directory = mkdtempSync(join(tmpdir(), 'campaign-store-'));
  try {
    for (const suffix of ['', '-wal']) {
      const from = join(hostDirectory, FILE + suffix);
      if (existsSync(from)) copyFileSync(from, join(directory, FILE + suffix));
    }
    const database = new DatabaseSync(join(directory, FILE));
    try {
      return { fact: 'store', atMs, ...weigh(database) };
    } finally {
      database.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function weigh(database: DatabaseSync): Omit<StoreFact, 'fact' | 'atMs'> {
  const histories = database
    .prepare(
      'SELECT instance_id AS id, count(*) AS rows, sum(length(event)) AS bytes FROM history GROUP BY instance_id',
    )
    .all();
  const entities = database
    .prepare('SELECT entity_id AS id, length(state) AS bytes FROM entities WHERE is_existing')
    .all();
  const queues = ['messages', 'activities', 'entity_messages'].map(
    (table) => [table, Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'])] as const,
  );
  return {
    histories: new Map(
      histories.map(({ id, rows, bytes }) => [String(id), { rows: Number(rows), bytes: Number(bytes) }]),
    ),
    entities: new Map(entities.map(({ id, bytes }) => [String(id), Number(bytes)])),
    queues: new Map(queues),
  };
}
