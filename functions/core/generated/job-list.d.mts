import type { FailureReason } from './notice.mjs';
import type { JobTag } from './job-request.mjs';
import type { Links } from './job-resource.mjs';
import type { Parent } from './job-resource.mjs';
import type { Progress } from './job-resource.mjs';
import type { ProgressSummary } from './job-resource.mjs';
import type { ReportLocation } from './job-resource.mjs';
/**
 * Job tags as submitted. Later changes are in GET /jobs/{id}/tags.
 */
export type Tags = JobTag[];
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
  /**
   * RFC 3339, rounded up to the minute: every matching job request since then is on this page or an earlier one. null on the last page.
   */
  searchedBackTo: string | null;
}
/**
 * The present state of a job request, without the members request and job.
 */
export interface JobSummary {
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
  tags: Tags;
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
  failureReasons: FailureReasons;
  report: ReportLocation | null;
  parent: Parent | null;
  links: Links;
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
