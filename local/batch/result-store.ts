import type { Database } from '../store/database.ts';

/** What one commit of tasks records for the completion report. */
export interface TaskResults {
  /** Numbers of the tasks, counted from 0 in the order of the manifest. */
  tasks: readonly number[];
  /** Lines of the report, in their final form. */
  succeeded: string;
  failed: string;
}

export type ReportPart = 'succeeded' | 'failed';

export interface ResultStore {
  add(jobId: string, results: TaskResults): void;
  /** The report lines of one status, commit by commit. */
  lines(jobId: string, part: ReportPart): Generator<string>;
  /** Numbers of the recorded tasks from `first` on. */
  tasksFrom(jobId: string, first: number): Set<number>;
  /** Ids of all jobs that have results. */
  jobIds(): string[];
  /** Deletes some of the job's results; false when none were left. */
  removeSome(jobId: string): boolean;
}

/** Tasks are recorded per commit, not one by one: a job of a million objects is a few thousand rows. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS batchResults (
    resultId INTEGER PRIMARY KEY, jobId TEXT NOT NULL, lastTask INTEGER NOT NULL, tasks BLOB NOT NULL,
    succeeded TEXT NOT NULL, failed TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS batchResultsByJob ON batchResults (jobId);
`;

export function createResultStore({ define, sql }: Database): ResultStore {
  define(SCHEMA);
  return {
    add(jobId, { tasks, succeeded, failed }) {
      const numbers = Float64Array.from(tasks);
      sql('INSERT INTO batchResults (jobId, lastTask, tasks, succeeded, failed) VALUES (?, ?, ?, ?, ?)').run(
        jobId,
        numbers.reduce((a, b) => Math.max(a, b)),
        new Uint8Array(numbers.buffer),
        succeeded,
        failed,
      );
    },

    *lines(jobId, part) {
      // Reads one row at a time, because another job may use the statement between two rows.
      const next = sql(`SELECT resultId, ${part} AS lines FROM batchResults
        WHERE jobId = ? AND resultId > ? AND ${part} != '' ORDER BY resultId LIMIT 1`);
      for (let row = next.get(jobId, 0); row; row = next.get(jobId, Number(row['resultId']))) {
        yield String(row['lines']);
      }
    },

    tasksFrom(jobId, first) {
      const recorded = new Set<number>();
      const rows = sql('SELECT tasks FROM batchResults WHERE jobId = ? AND lastTask >= ?').all(jobId, first);
      for (const row of rows) {
        const bytes = Uint8Array.from(row['tasks'] as Uint8Array);
        for (const task of new Float64Array(bytes.buffer)) if (task >= first) recorded.add(task);
      }
      return recorded;
    },

    jobIds: () =>
      sql('SELECT DISTINCT jobId FROM batchResults')
        .all()
        .map((row) => String(row['jobId'])),

    removeSome: (jobId) =>
      sql(
        'DELETE FROM batchResults WHERE resultId IN (SELECT resultId FROM batchResults WHERE jobId = ? LIMIT 10)',
      ).run(jobId).changes > 0,
  };
}
