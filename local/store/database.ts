import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** The one durable store of a running stack: one file, one connection, in the main thread. */
export interface Database {
  /** Folder of the database and of large bodies; undefined for a database in memory. */
  readonly dir: string | undefined;
  /** A prepared statement, prepared once per text. */
  sql(text: string): StatementSync;
  /** Creates tables and indexes; each service calls it once with `CREATE … IF NOT EXISTS`. */
  define(ddl: string): void;
  /** Runs `work` in one transaction, or in the open transaction if there is one. */
  transaction<T>(work: () => T): T;
  /**
   * Undoes a change in memory if the open transaction fails, also at its COMMIT. Whoever caches rows calls it with each
   * change. Without an open transaction it does nothing, because the change is committed.
   */
  onRollback(undo: () => void): void;
  close(): void;
}

/** Opens `DIR/bucket-brigade.sqlite`, or a database in memory when no folder is given. */
export function openDatabase(dir?: string): Database {
  if (dir) mkdirSync(dir, { recursive: true });
  const connection = new DatabaseSync(dir ? join(dir, 'bucket-brigade.sqlite') : ':memory:');
  // With WAL and NORMAL a killed process loses nothing; only a power failure may lose the last commits.
  connection.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF',
  );
  const statements = new Map<string, StatementSync>();
  const sql = (text: string) => {
    let statement = statements.get(text);
    if (!statement) {
      statement = guarded(connection.prepare(text));
      statements.set(text, statement);
    }
    return statement;
  };
  let open = false;
  let undos: (() => void)[] = [];
  /** The error at which SQLite itself rolled the open transaction back. */
  let lost: unknown;

  /** After such an error, further statements would be committed one by one. They throw that error instead. */
  const guarded = (statement: StatementSync): StatementSync => {
    const guard =
      <Values extends unknown[], Result>(execute: (...values: Values) => Result) =>
      (...values: Values): Result => {
        if (lost !== undefined) throw lost;
        try {
          return execute.apply(statement, values);
        } catch (error) {
          if (open && !connection.isTransaction) lost = error;
          throw error;
        }
      };
    const { run, get, all } = statement;
    return Object.assign(statement, { run: guard(run), get: guard(get), all: guard(all) });
  };

  const rollBack = () => {
    try {
      if (connection.isTransaction) connection.exec('ROLLBACK');
    } finally {
      for (const undo of undos.toReversed()) undo();
    }
  };

  return {
    dir,
    sql,
    define: (ddl) => connection.exec(ddl),
    transaction(work) {
      if (open) return work();
      sql('BEGIN IMMEDIATE').run();
      open = true;
      try {
        const result = work();
        sql('COMMIT').run(); // throws `lost`, also if the work caught it
        return result;
      } catch (error) {
        try {
          rollBack();
        } catch {
          // The first error is the cause, and the next BEGIN reports a transaction that is still open.
        }
        throw error;
      } finally {
        open = false;
        undos = [];
        lost = undefined;
      }
    },
    onRollback(undo) {
      if (open) undos.push(undo);
    },
    close: () => connection.close(),
  };
}
