export type FailureReasons = FailureReason[];

/**
 * A page of job requests, newest first; with scope=account a page of S3's own jobs, in S3's order.
 */
export interface JobList {
  jobs: (JobSummary | AccountJob)[];
  /**
   * For the parameter pageToken; null on the last page. A page may be short, even empty, and not the last.
   */
  nextPageToken: string | null;
}
/**
 * A job request as it is now, without its request and S3's description of the job.
 */
export interface JobSummary {
  jobRequestId: string;
  /**
   * Requested: no job yet. NotWatched: the watch broke; the job may go on.
   */
  state: "Requested" | "Watched" | "Ended" | "NotWatched";
  outcome:
    ("Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded") | null;
  /**
   * As S3 Batch Operations names it.
   */
  operation: string;
  /**
   * The caller's own.
   */
  description: string | null;
  /**
   * S3's own status of the job; null before there is one.
   */
  status: string | null;
  jobId: string | null;
  /**
   * RFC 3339.
   */
  submittedAt: string;
  /**
   * RFC 3339.
   */
  endedAt: string | null;
  progress: Progress | null;
  failureReasons: FailureReasons;
  report: ReportPlace | null;
  parent: Parent | null;
  links: Links;
}
export interface Progress {
  total: number;
  succeeded: number;
  failed: number;
  percent: number;
  /**
   * At the mean rate so far; null when nobody can know.
   */
  etaSeconds: number | null;
}
export interface FailureReason {
  code: string;
  /**
   * S3's own words.
   */
  reason: string;
  remedy: string;
}
/**
 * Where the completion report is, or will be.
 */
export interface ReportPlace {
  bucket: string;
  /**
   * Key of the report's manifest.json.
   */
  manifestKey: string;
}
export interface Parent {
  jobRequestId: string;
  /**
   * Error codes that are run again, * for all; null for those that pass by themselves.
   */
  codes: string[] | null;
}
/**
 * Paths in this API; a call is there while it makes sense.
 */
export interface Links {
  self: string;
  /**
   * POST lets the job start.
   */
  confirm?: string;
  /**
   * POST cancels the job.
   */
  cancel?: string;
  /**
   * GET has the digest of the report.
   */
  report?: string;
  /**
   * GET has the failed tasks.
   */
  failures?: string;
  /**
   * POST runs the failed tasks again.
   */
  retryFailed?: string;
  /**
   * The job request that this one runs again.
   */
  parent?: string;
}
/**
 * A job as S3 Control ListJobs gives it; S3's other members are there too.
 */
export interface AccountJob {
  JobId: string;
  Description?: string;
  Operation?: string;
  Priority?: number;
  Status?: string;
  /**
   * RFC 3339.
   */
  CreationTime?: string;
  /**
   * RFC 3339.
   */
  TerminationDate?: string;
  ProgressSummary?: ProgressSummary;
  [k: string]: unknown;
}
export interface ProgressSummary {
  TotalNumberOfTasks?: number;
  NumberOfTasksSucceeded?: number;
  NumberOfTasksFailed?: number;
  Timers?: {
    ElapsedTimeInActiveSeconds?: number;
    [k: string]: unknown;
  };
  [k: string]: unknown;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is JobList; errors?: SchemaError[] | null };
export default validate;
