import type { Database } from '../../store/database.ts';

/** Generated lists of objects, in pieces of some hundred rows of quoted CSV. */
export interface GeneratedRows {
  add(jobId: string, piece: number, rows: string): void;
  piece(jobId: string, piece: number): string | undefined;
  /** Ids of all jobs that have a list. */
  jobIds(): string[];
  /** Deletes some of the job's pieces; false when none were left. */
  removeSome(jobId: string): boolean;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS batchGeneratedRows (
    jobId TEXT NOT NULL, piece INTEGER NOT NULL, rows TEXT NOT NULL, PRIMARY KEY (jobId, piece)
  );
`;

export function createGeneratedRows({ define, sql }: Database): GeneratedRows {
  define(SCHEMA);
  return {
    add(jobId, piece, rows) {
      sql('INSERT OR REPLACE INTO batchGeneratedRows (jobId, piece, rows) VALUES (?, ?, ?)').run(
        jobId,
        piece,
        rows,
      );
    },
    piece: (jobId, piece) =>
      sql('SELECT rows FROM batchGeneratedRows WHERE jobId = ? AND piece = ?').get(jobId, piece)?.['rows'] as
        | string
        | undefined,
    jobIds: () =>
      sql('SELECT DISTINCT jobId FROM batchGeneratedRows')
        .all()
        .map((row) => String(row['jobId'])),
    removeSome: (jobId) =>
      sql(`DELETE FROM batchGeneratedRows WHERE rowid IN
        (SELECT rowid FROM batchGeneratedRows WHERE jobId = ? LIMIT 10)`).run(jobId).changes > 0,
  };
}
