/**
 * How the request ended; only on final notices. Complete with failed tasks is not success.
 */
export type Outcome =
  "Succeeded" | "CompletedWithFailures" | "Failed" | "Cancelled" | "NotCreated" | "Lost" | "WatchEnded";

/**
 * Message of every notice that is published to the SNS topic, version 1.
 */
export interface Notice {
  version: 1;
  /**
   * The same whenever this notice is sent again: a receiver that has seen it can drop it.
   */
  noticeId: string;
  kind: "created" | "needs-confirmation" | "running-again" | "status-unreadable" | "final";
  outcome?: Outcome;
  /**
   * RFC 3339, when this was seen.
   */
  time: string;
  jobRequestId: string;
  /**
   * Absent when S3 created no job.
   */
  jobId?: string;
  /**
   * As S3 Batch Operations names it.
   */
  operation: string;
  /**
   * The caller's own.
   */
  description?: string;
  /**
   * S3's status of the job; NotCreated when S3 refused it, Unknown when it could not be seen.
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
   * From the creation of the job.
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
     * Whether topErrors were read from it.
     */
    state: "summarized" | "not-there-yet" | "not-readable";
  };
  /**
   * The most frequent failures in the report; no keys.
   */
  topErrors?: {
    errorCode: string;
    httpStatus: number;
    count: number;
  }[];
  /**
   * Of the failed tasks that were read: those that the same job, run again, is likely to mend.
   */
  retryableShare?: number;
  /**
   * What can be done now, one call each.
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
   * S3's own words.
   */
  reason: string;
  remedy: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Notice; errors?: SchemaError[] | null };
export default validate;
