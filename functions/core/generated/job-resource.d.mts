import type { Digest } from './report.mjs';
import type { FailureReason } from './notice.mjs';
import type { Finding } from './dry-run.mjs';
import type { JobTag } from './job-request.mjs';
import type { Manifest } from './job-request.mjs';
import type { ManifestGenerator } from './job-request.mjs';
import type { Operation } from './job-request.mjs';
import type { Report } from './job-request.mjs';
import type { S3Tag } from './job-request.mjs';
/**
 * Which rows of the earlier job the child runs.
 */
export type ChosenRows = "Succeeded" | "Failed" | "NotRun" | "Retry";
/**
 * The error codes of the failed tasks that the child runs again, * for all; null for the retryable ones.
 */
export type ChosenCodes = string[] | null;
/**
 * The results of the succeeded tasks whose objects the child runs on; null for all.
 */
export type ChosenResults = string[] | null;
/**
 * The present state of a job request.
 */
export interface JobResource {
  jobRequestId: string;
  /**
   * Requested: no job yet. Scheduled: the job is created at startAt. Watched: the job is watched. Ended: the outcome is known. NotWatched: the watch stopped early; the job can still be running.
   */
  state: "Requested" | "Scheduled" | "Watched" | "Ended" | "NotWatched";
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
   * Job tags as submitted. Later changes are in GET /jobs/{id}/tags.
   */
  tags: JobTag[];
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
   * The ARN or the JWT subject of the caller; null if this deployment does not record callers.
   */
  submittedBy: string | null;
  /**
   * RFC 3339: when the job is created; null for a request that asked for no later time.
   */
  startAt: string | null;
  /**
   * RFC 3339.
   */
  endedAt: string | null;
  progress: Progress | null;
  failureReasons: FailureReason[];
  report: ReportLocation | null;
  /**
   * The digest of the failed rows of the report; null until the watch has read the report.
   */
  digest: Digest | null;
  /**
   * The earlier job request whose rows this one runs.
   */
  parent: Parent | null;
  /**
   * The job requests that run rows of this one, newest first. Only in GET /jobs/{id}, and only after the job has ended.
   *
   * @maxItems 20
   */
  children?: Child[];
  request: CreateJobInput;
  job: Job | null;
  /**
   * The warnings that the checks found at submission.
   */
  warnings: Finding[];
  links: Links;
}
export interface Progress {
  total: number;
  succeeded: number;
  failed: number;
  percent: number;
  /**
   * Estimated seconds until the end, at the mean rate so far; null if unknown.
   */
  etaSeconds: number | null;
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
  rows: ChosenRows;
  codes: ChosenCodes;
  results: ChosenResults;
}
export interface Child {
  jobRequestId: string;
  rows: ChosenRows;
  codes: ChosenCodes;
  results: ChosenResults;
  outcome:
    ("Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded") | null;
  isUnderWay: boolean;
}
/**
 * The input of S3 Control CreateJob, with all defaults.
 */
export interface CreateJobInput {
  AccountId: string;
  ClientRequestToken: string;
  ConfirmationRequired: boolean;
  Operation: Operation;
  Report: Report;
  Priority: number;
  RoleArn: string;
  /**
   * The description in the request, followed by the job request id.
   */
  Description: string;
  Tags: S3Tag[];
  Manifest?: Manifest;
  ManifestGenerator?: ManifestGenerator;
}
/**
 * The Job that DescribeJob returns, as JSON with all members of S3. This schema lists only some of them.
 */
export interface Job {
  JobId: string;
  Status: string;
  /**
   * The description in the request.
   */
  Description?: string;
  Priority?: number;
  /**
   * RFC 3339.
   */
  CreationTime?: string;
  /**
   * RFC 3339.
   */
  TerminationDate?: string;
  /**
   * RFC 3339.
   */
  SuspendedDate?: string;
  StatusUpdateReason?: string;
  ProgressSummary?: ProgressSummary;
  FailureReasons?: {
    FailureCode?: string;
    FailureReason?: string;
  }[];
  Report?: {
    Enabled?: boolean;
    Bucket?: string;
    Prefix?: string;
    ReportScope?: string;
    [k: string]: unknown;
  };
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
   * POST cancels the job, or the request before its job is created.
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
   * GET returns the tasks with their results.
   */
  results?: string;
  /**
   * POST retries the failed tasks.
   */
  retryFailed?: string;
  /**
   * POST runs the tasks that never ran.
   */
  runRest?: string;
  /**
   * The earlier job request whose rows this one runs.
   */
  parent?: string;
}
