import type { Database } from '../../store/database.ts';

/** What one commit of tasks leaves for the completion report. */
export interface TaskResults {
  /** Numbers of the tasks, counted from 0 in the order of the manifest. */
  tasks: readonly number[];
  /** Lines of the report, as they will be written. */
  succeeded: string;
  failed: string;
}

export type ReportPart = 'succeeded' | 'failed';

export interface ResultStore {
  add(jobId: string, results: TaskResults): void;
  /** The lines of the report of one status, one commit after the other. */
  lines(jobId: string, part: ReportPart): Generator<string>;
  /** Numbers of the recorded tasks from `first` on. */
  tasksFrom(jobId: string, first: number): Set<number>;
  /** Ids of all jobs that have results. */
  jobIds(): string[];
  /** Forgets some of the job's results; false when there were none left. */
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
      // One row at a time, because the statement may serve another job between two of them.
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
