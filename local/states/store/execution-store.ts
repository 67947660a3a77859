import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { Database } from '../../store/database.ts';
import type { Execution } from './execution.ts';
import type { HistoryEntry } from './history.ts';
import { toExecution } from './stored-execution.ts';

export type ExecutionStore = ReturnType<typeof createExecutionStore>;

/** Executions and their histories in the database. */
export function createExecutionStore(database: Database) {
  database.define(TABLES);
  const { sql } = database;

  /** The events of one transition are stored in one row. */
  const addEvents = (execution: Execution, events: readonly HistoryEntry[]) => {
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return;
    sql('INSERT INTO states_history VALUES (?, ?, ?, ?)').run(
      execution.id,
      first.id,
      last.id,
      JSON.stringify(events),
    );
  };

  const update = (execution: Execution, lastEvent: number) =>
    sql(`UPDATE states_execution SET status = ?, stopped_at = ?, output = ?, error = ?, cause = ?, last_event = ?,
           position = ?, variables = ? WHERE id = ?`).run(
      execution.status,
      execution.stoppedAt ?? null,
      execution.output ?? null,
      execution.error ?? null,
      execution.cause ?? null,
      lastEvent,
      execution.position ? JSON.stringify(execution.position) : null,
      JSON.stringify(execution.variables),
      execution.id,
    );

  return {
    create(
      start: Omit<Execution, 'id' | 'status' | 'lastEvent' | 'variables'>,
      first: HistoryEntry,
    ): Execution {
      return database.transaction(() => {
        const { lastInsertRowid } = sql(
          `INSERT INTO states_execution (arn, name, machine_arn, role_arn, definition, input, started_at, status,
             last_event, variables) VALUES (?, ?, ?, ?, ?, ?, ?, 'RUNNING', 0, '{}')`,
        ).run(
          start.arn,
          start.name,
          start.machineArn,
          start.roleArn,
          start.definition,
          start.input,
          start.startedAt,
        );
        const execution: Execution = {
          ...start,
          id: Number(lastInsertRowid),
          status: 'RUNNING',
          lastEvent: first.id,
          variables: {},
        };
        addEvents(execution, [first]);
        update(execution, first.id);
        return execution;
      });
    },

    /** Stores one transition: new events and the position after them. */
    save(execution: Execution, events: readonly HistoryEntry[]): void {
      const lastEvent = events.at(-1)?.id ?? execution.lastEvent;
      database.transaction(() => {
        addEvents(execution, events);
        update(execution, lastEvent);
      });
      execution.lastEvent = lastEvent;
    },

    find(arn: string): Execution | undefined {
      const row = sql('SELECT * FROM states_execution WHERE arn = ?').get(arn);
      return row && toExecution(row);
    },

    running(): Execution[] {
      return sql(`SELECT * FROM states_execution WHERE status = 'RUNNING' ORDER BY id`)
        .all()
        .map(toExecution);
    },

    /** Newest first, those with a smaller id than `beforeId`. */
    list(
      machineArn: string,
      status: ExecutionStatus | undefined,
      beforeId: number,
      limit: number,
    ): Execution[] {
      return sql(
        `SELECT * FROM states_execution WHERE machine_arn = ?1 AND id < ?3 AND (?2 IS NULL OR status = ?2)
         ORDER BY id DESC LIMIT ?4`,
      )
        .all(machineArn, status ?? null, beforeId, limit)
        .map(toExecution);
    },

    /** Events after `fromId` in order, or in reverse those before it. */
    events(execution: Execution, fromId: number, limit: number, reverse: boolean): HistoryEntry[] {
      const where = reverse ? 'first_id < ? ORDER BY first_id DESC' : 'last_id > ? ORDER BY first_id';
      const rows = sql(`SELECT events FROM states_history WHERE execution = ? AND ${where}`);
      const page: HistoryEntry[] = [];
      for (const row of rows.iterate(execution.id, fromId)) {
        const events = JSON.parse(String(row['events'])) as HistoryEntry[];
        page.push(
          ...(reverse
            ? events.reverse().filter(({ id }) => id < fromId)
            : events.filter(({ id }) => id > fromId)),
        );
        if (page.length >= limit) break;
      }
      return page.slice(0, limit);
    },

    /** Deletes executions that were closed before the given time. */
    forget(closedBefore: number): void {
      const old = 'SELECT id FROM states_execution WHERE stopped_at < ?';
      if (!sql(`${old} LIMIT 1`).get(closedBefore)) return;
      database.transaction(() => {
        sql(`DELETE FROM states_history WHERE execution IN (${old})`).run(closedBefore);
        sql('DELETE FROM states_execution WHERE stopped_at < ?').run(closedBefore);
      });
    },

    /** Keeps a definition, for executions that are still running when another is served. */
    keepDefinition(key: string, text: string): void {
      sql('INSERT OR IGNORE INTO states_definition VALUES (?, ?)').run(key, text);
    },

    definition(key: string): string {
      return String(sql('SELECT text FROM states_definition WHERE key = ?').get(key)?.['text']);
    },

    /** When the machine was first served. */
    machineCreatedAt(arn: string, now: number): number {
      sql('INSERT OR IGNORE INTO states_machine VALUES (?, ?)').run(arn, now);
      return Number(sql('SELECT created_at FROM states_machine WHERE arn = ?').get(arn)?.['created_at']);
    },
  };
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS states_machine (arn TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS states_definition (key TEXT PRIMARY KEY, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS states_execution (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, machine_arn TEXT NOT NULL, role_arn TEXT NOT NULL,
    definition TEXT NOT NULL, input TEXT NOT NULL, started_at INTEGER NOT NULL,
    status TEXT NOT NULL, stopped_at INTEGER, output TEXT, error TEXT, cause TEXT,
    last_event INTEGER NOT NULL, position TEXT, variables TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS states_execution_by_machine ON states_execution (machine_arn, id);
  CREATE INDEX IF NOT EXISTS states_execution_running ON states_execution (id) WHERE status = 'RUNNING';
  CREATE INDEX IF NOT EXISTS states_execution_stopped ON states_execution (stopped_at);
  CREATE TABLE IF NOT EXISTS states_history (
    execution INTEGER NOT NULL, first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, events TEXT NOT NULL,
    PRIMARY KEY (execution, first_id)
  );
`;
