export type FailureReasons = FailureReason[];

/**
 * A page of job requests, newest first. With scope=account, a page of S3's own jobs in S3's order.
 */
export interface JobList {
  jobs: (JobSummary | AccountJob)[];
  /**
   * Value of the parameter pageToken for the next page; null on the last page. Any other page can be short or empty.
   */
  nextPageToken: string | null;
}
/**
 * The present state of a job request, without the members request and job.
 */
export interface JobSummary {
  jobRequestId: string;
  /**
   * Requested: no job yet. Watched: the job is watched. Ended: the outcome is known. NotWatched: the watch stopped early; the job can still be running.
   */
  state: "Requested" | "Watched" | "Ended" | "NotWatched";
  outcome:
    ("Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded") | null;
  /**
   * The operation of the job, as S3 Batch Operations names it.
   */
  operation: string;
  /**
   * The description in the request.
   */
  description: string | null;
  /**
   * S3's status of the job; null before the job exists.
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
  report: ReportLocation | null;
  parent: Parent | null;
  links: Links;
}
export interface Progress {
  total: number;
  succeeded: number;
  failed: number;
  percent: number;
  /**
   * Seconds until the end at the mean rate so far; null if unknown.
   */
  etaSeconds: number | null;
}
export interface FailureReason {
  code: string;
  /**
   * S3's text.
   */
  reason: string;
  remedy: string;
}
/**
 * The location of the completion report, also before the report exists.
 */
export interface ReportLocation {
  bucket: string;
  /**
   * The key of the report's manifest.json.
   */
  manifestKey: string;
}
export interface Parent {
  jobRequestId: string;
  /**
   * The error codes that the retry runs again, * for all; null for the retryable ones.
   */
  codes: string[] | null;
}
/**
 * Paths of this API. A call is listed only while it is possible.
 */
export interface Links {
  self: string;
  /**
   * POST confirms the job.
   */
  confirm?: string;
  /**
   * POST cancels the job.
   */
  cancel?: string;
  /**
   * GET returns the digest of the report.
   */
  report?: string;
  /**
   * GET returns the failed tasks.
   */
  failures?: string;
  /**
   * POST retries the failed tasks.
   */
  retryFailed?: string;
  /**
   * The job request whose failed tasks this one runs again.
   */
  parent?: string;
}
/**
 * A job as S3 Control ListJobs returns it, with all members of S3.
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
