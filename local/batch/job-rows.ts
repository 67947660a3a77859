import { fromCanonicalJson, toCanonicalJson } from './canonical-json.ts';
import type { JobRecord } from './job-record.ts';

export const JOB_TABLE = `
  CREATE TABLE IF NOT EXISTS batchJobs (
    jobId TEXT PRIMARY KEY, accountId TEXT NOT NULL, token TEXT NOT NULL, request TEXT NOT NULL,
    tags TEXT NOT NULL, status TEXT NOT NULL, priority INTEGER NOT NULL, createdMs INTEGER NOT NULL,
    suspendedMs INTEGER, terminatedMs INTEGER, statusUpdateReason TEXT, failureReasons TEXT NOT NULL DEFAULT '[]',
    totalTasks INTEGER NOT NULL DEFAULT 0, succeeded INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, activeMs INTEGER NOT NULL DEFAULT 0, activeSinceMs INTEGER,
    generated TEXT NOT NULL DEFAULT 'null', position TEXT NOT NULL, UNIQUE (accountId, token)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS batchJobsByTime ON batchJobs (accountId, createdMs DESC, jobId);
  CREATE INDEX IF NOT EXISTS batchJobsByEnd ON batchJobs (terminatedMs) WHERE terminatedMs IS NOT NULL;
  CREATE INDEX IF NOT EXISTS batchJobsByStatus ON batchJobs (status, priority DESC, createdMs);
`;

/** Members that are stored as JSON text. */
const JSON_MEMBERS = ['request', 'tags', 'failureReasons', 'generated', 'position'] as const;

export type Row = Record<string, string | number | null>;

export function toRow(job: Partial<JobRecord>): Row {
  const row: Record<string, unknown> = { ...job };
  for (const name of JSON_MEMBERS) if (row[name] !== undefined) row[name] = toCanonicalJson(row[name]);
  return row as Row;
}

export function toRecord({ token, ...row }: Row): JobRecord {
  const job: Record<string, unknown> = { ...row };
  for (const name of JSON_MEMBERS) job[name] = fromCanonicalJson(String(row[name]));
  return job as unknown as JobRecord;
}
