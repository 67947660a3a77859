import type { JobStatus } from '@aws-sdk/client-s3-control';
import type { Database } from '../store/database.ts';
import { toCanonicalJson } from './canonical-json.ts';
import type { JobRecord } from './job-record.ts';
import { JOB_TABLE, type Row, toRecord, toRow } from './job-rows.ts';
import type { ManifestPosition } from './manifest/manifest.ts';

export type JobChanges = Partial<Omit<JobRecord, 'jobId' | 'accountId' | 'request' | 'createdMs'>>;

export interface JobProgress {
  nowMs: number;
  succeeded: number;
  failed: number;
  /** Undefined while tasks before it are in progress. */
  position: ManifestPosition | undefined;
}

export interface JobPageQuery {
  accountId: string;
  /** All statuses when empty. */
  statuses: readonly JobStatus[];
  /** The last job of the page before. */
  after?: { createdMs: number; jobId: string };
  limit: number;
}

export interface JobStore {
  insert(job: JobRecord, token: string): void;
  find(jobId: string): JobRecord | undefined;
  statusOf(jobId: string): JobStatus | undefined;
  findByToken(accountId: string, token: string): JobRecord | undefined;
  /** Writes the changes if the job still has the status `from`; returns whether it did. */
  change(jobId: string, from: JobStatus, changes: JobChanges): boolean;
  /** Writes the job's progress, and adds the time since the last write while the job is Active. */
  advance(jobId: string, progress: JobProgress): void;
  /** Restarts the count of the time in Active after a time in which the engine did not run. */
  resumeActive(nowMs: number): void;
  /** Newest first, jobs of the same millisecond by JobId. */
  page(query: JobPageQuery): JobRecord[];
  /** Ids of the jobs in any of the statuses, highest priority first, then oldest first. */
  idsByPriority(statuses: readonly JobStatus[]): { jobId: string; priority: number }[];
  /** Deletes the jobs that ended before the given time; returns their ids. */
  removeTerminated(beforeMs: number): string[];
}

export function createJobStore({ define, sql }: Database): JobStore {
  define(JOB_TABLE);
  const found = (row: unknown): JobRecord | undefined => (row ? toRecord(row as Row) : undefined);

  return {
    insert(job, token) {
      const row: Row = { ...toRow(job), token };
      const columns = Object.keys(row);
      sql(
        `INSERT INTO batchJobs (${columns.join()}) VALUES (${columns.map((name) => `:${name}`).join()})`,
      ).run(row);
    },

    find: (jobId) => found(sql('SELECT * FROM batchJobs WHERE jobId = ?').get(jobId)),

    statusOf: (jobId) =>
      sql('SELECT status FROM batchJobs WHERE jobId = ?').get(jobId)?.['status'] as JobStatus | undefined,

    findByToken: (accountId, token) =>
      found(sql('SELECT * FROM batchJobs WHERE accountId = ? AND token = ?').get(accountId, token)),

    change(jobId, from, changes) {
      const row = toRow(changes);
      const assignments = Object.keys(row).map((name) => `${name} = :${name}`);
      const update = sql(
        `UPDATE batchJobs SET ${assignments.join()} WHERE jobId = :whereJobId AND status = :whereStatus`,
      );
      return update.run({ ...row, whereJobId: jobId, whereStatus: from }).changes === 1;
    },

    advance(jobId, { nowMs, succeeded, failed, position }) {
      sql(`UPDATE batchJobs SET succeeded = :succeeded, failed = :failed,
          activeMs = activeMs + COALESCE(:nowMs - activeSinceMs, 0),
          activeSinceMs = CASE WHEN activeSinceMs IS NULL THEN NULL ELSE :nowMs END,
          position = COALESCE(:position, position)
        WHERE jobId = :jobId`).run({
        jobId,
        nowMs,
        succeeded,
        failed,
        position: position ? toCanonicalJson(position) : null,
      });
    },

    resumeActive(nowMs) {
      sql('UPDATE batchJobs SET activeSinceMs = ? WHERE activeSinceMs IS NOT NULL').run(nowMs);
    },

    page({ accountId, statuses, after, limit }) {
      const rows = sql(`SELECT * FROM batchJobs
        WHERE accountId = :accountId
          AND (createdMs < :createdMs OR (createdMs = :createdMs AND jobId > :jobId))
          AND (:statuses = '[]' OR status IN (SELECT value FROM json_each(:statuses)))
        ORDER BY createdMs DESC, jobId LIMIT :limit`).all({
        accountId,
        createdMs: after?.createdMs ?? Number.MAX_SAFE_INTEGER,
        jobId: after?.jobId ?? '',
        statuses: JSON.stringify(statuses),
        limit,
      });
      return rows.map((row) => toRecord(row as Row));
    },

    idsByPriority: (statuses) =>
      sql(`SELECT jobId, priority FROM batchJobs WHERE status IN (SELECT value FROM json_each(?))
        ORDER BY priority DESC, createdMs, jobId`).all(JSON.stringify(statuses)) as unknown as {
        jobId: string;
        priority: number;
      }[],

    removeTerminated: (beforeMs) =>
      sql('DELETE FROM batchJobs WHERE terminatedMs < ? RETURNING jobId')
        .all(beforeMs)
        .map((row) => String(row['jobId'])),
  };
}
