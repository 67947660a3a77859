import type { CreateJobRequest, JobFailure, JobStatus, S3Tag } from '@aws-sdk/client-s3-control';
import type { Database } from '../store/database.ts';
import { fromCanonicalJson, toCanonicalJson } from './canonical-json.ts';
import type { ManifestPosition } from './manifest/manifest.ts';

/** A job as it is kept. Times are milliseconds since the epoch. */
export interface JobRecord {
  jobId: string;
  accountId: string;
  request: CreateJobRequest;
  tags: S3Tag[];
  status: JobStatus;
  priority: number;
  createdMs: number;
  suspendedMs: number | null;
  terminatedMs: number | null;
  statusUpdateReason: string | null;
  failureReasons: JobFailure[];
  totalTasks: number;
  succeeded: number;
  failed: number;
  /** Time spent in Active up to `activeSinceMs`; that one is null outside Active. */
  activeMs: number;
  activeSinceMs: number | null;
  /** Where the first task lies that may not have run yet. */
  position: ManifestPosition;
}

export type JobChanges = Partial<Omit<JobRecord, 'jobId' | 'accountId' | 'request' | 'createdMs'>>;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS batchJobs (
    jobId TEXT PRIMARY KEY, accountId TEXT NOT NULL, token TEXT NOT NULL, request TEXT NOT NULL,
    tags TEXT NOT NULL, status TEXT NOT NULL, priority INTEGER NOT NULL, createdMs INTEGER NOT NULL,
    suspendedMs INTEGER, terminatedMs INTEGER, statusUpdateReason TEXT, failureReasons TEXT NOT NULL DEFAULT '[]',
    totalTasks INTEGER NOT NULL DEFAULT 0, succeeded INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, activeMs INTEGER NOT NULL DEFAULT 0, activeSinceMs INTEGER,
    position TEXT NOT NULL, UNIQUE (accountId, token)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS batchJobsByTime ON batchJobs (accountId, createdMs DESC, jobId);
  CREATE INDEX IF NOT EXISTS batchJobsByEnd ON batchJobs (terminatedMs) WHERE terminatedMs IS NOT NULL;
  CREATE INDEX IF NOT EXISTS batchJobsByStatus ON batchJobs (status, priority DESC, createdMs);
`;

/** Members kept as JSON text. */
const JSON_MEMBERS = ['request', 'tags', 'failureReasons', 'position'] as const;

export interface JobProgress {
  nowMs: number;
  succeeded: number;
  failed: number;
  /** Left out while tasks before it are under way. */
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
  /** Writes the changes if the job still has the status `from`; says whether it did. */
  change(jobId: string, from: JobStatus, changes: JobChanges): boolean;
  /** Writes how far the job got; counts time as spent in Active while it is there. */
  advance(jobId: string, progress: JobProgress): void;
  /** Starts counting the time in Active anew, after a time in which nothing ran. */
  resumeActive(nowMs: number): void;
  /** Newest first, jobs of the same millisecond by JobId. */
  page(query: JobPageQuery): JobRecord[];
  /** Ids of the jobs in any of the statuses, highest priority first, then oldest first. */
  idsByPriority(statuses: readonly JobStatus[]): { jobId: string; priority: number }[];
  /** Forgets the jobs that ended before the given time; returns their ids. */
  removeTerminated(beforeMs: number): string[];
}

export function createJobStore({ define, sql }: Database): JobStore {
  define(SCHEMA);
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

type Row = Record<string, string | number | null>;

function toRow(job: Partial<JobRecord>): Row {
  const row: Record<string, unknown> = { ...job };
  for (const name of JSON_MEMBERS) if (row[name] !== undefined) row[name] = toCanonicalJson(row[name]);
  return row as Row;
}

function toRecord({ token, ...row }: Row): JobRecord {
  const job: Record<string, unknown> = { ...row };
  for (const name of JSON_MEMBERS) job[name] = fromCanonicalJson(String(row[name]));
  return job as unknown as JobRecord;
}
