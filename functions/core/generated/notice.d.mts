/**
 * How the request ended; only in final notices. If the job is Complete and tasks failed, it is CompletedWithFailures.
 */
export type Outcome =
  "Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded";
/**
 * Message of every notice that is published to the SNS topic, version 1.
 */
export interface Notice {
  version: 1;
  /**
   * A repeated notice has the same noticeId, so that a receiver can ignore it.
   */
  noticeId: string;
  kind: "created" | "needs-confirmation" | "running-again" | "status-unreadable" | "final";
  outcome?: Outcome;
  /**
   * RFC 3339, when the watch noticed the event.
   */
  time: string;
  jobRequestId: string;
  /**
   * Absent when S3 created no job.
   */
  jobId?: string;
  /**
   * The operation of the job, as S3 Batch Operations names it.
   */
  operation: string;
  /**
   * The description in the request, without the job request id.
   */
  description?: string;
  /**
   * The ARN or the JWT subject of the caller, if this deployment records callers.
   */
  submittedBy?: string;
  /**
   * S3's status of the job; NotCreated when S3 refused it, Unknown when it could not be read.
   */
  status: string;
  /**
   * What happened, in one sentence.
   */
  summary: string;
  counts?: {
    total: number;
    succeeded: number;
    failed: number;
  };
  /**
   * Seconds from the creation of the job to its end or, before the end, to this notice.
   */
  durationSeconds?: number;
  failureReasons?: FailureReason[];
  report?: {
    bucket: string;
    /**
     * Key of the report's manifest.json.
     */
    manifestKey: string;
    /**
     * summarized: the service has read the report. not-there-yet: S3 had not written the report ten minutes after the end. not-readable: the report could not be read.
     */
    state: "summarized" | "not-there-yet" | "not-readable";
  };
  /**
   * The most frequent errors in the report, without object keys.
   */
  topErrors?: {
    errorCode: string;
    httpStatus: number;
    count: number;
  }[];
  /**
   * The share of the failed tasks that can succeed when they run again, from 0 to 1.
   */
  retryableShare?: number;
  retry?: RetryState;
  totals?: Totals;
  /**
   * The next steps, one call each.
   */
  next?: string[];
  links?: {
    /**
     * The job request in this API.
     */
    job: string;
    /**
     * The job in the S3 console.
     */
    console?: string;
  };
}
export interface FailureReason {
  code: string;
  /**
   * The reason as S3 words it.
   */
  reason: string;
  remedy: string;
}
/**
 * The automatic retry of the job, if the request asked for one and tasks qualify.
 */
export interface RetryState {
  state: "started" | "not-started";
  /**
   * With started: the job request of the retry.
   */
  jobRequestId?: string;
  /**
   * With started: RFC 3339, when the job of the retry is created.
   */
  startAt?: string;
  /**
   * With not-started: why.
   */
  reason?: string;
}
/**
 * Of the last job of a chain of automatic retries: the tasks of the first job, by their last run.
 */
export interface Totals {
  /**
   * The first job and its retries.
   */
  jobs: number;
  total: number;
  succeeded: number;
  failed: number;
  /**
   * Tasks that never ran, or that the last job was to run again and did not.
   */
  left: number;
}
