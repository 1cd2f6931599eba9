import type { DatabaseSync } from 'node:sqlite';

/** Ends a transaction that failed; a full disk has ended it already, and a second end would hide why (sqlite.org/lang_transaction.html). */
export function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}
