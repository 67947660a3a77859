/**
 * Answer of GET /jobs/{id}/report: a summary of the completion report of a job.
 */
export interface CompletionReport {
  jobRequestId: string;
  jobId: string;
  bucket: string;
  /**
   * Key of the report's manifest.json.
   */
  manifestKey: string;
  scope: "AllTasks" | "FailedTasksOnly";
  /**
   * The numbers of tasks as S3 counts them.
   */
  tasks: {
    total: number;
    succeeded: number;
    failed: number;
  };
  digest: Digest;
  links: {
    self: string;
    job: string;
    failures: string;
    results: string;
    retryFailed?: string;
    [k: string]: string | undefined;
  };
}
/**
 * A summary of the failed rows.
 */
export interface Digest {
  /**
   * The number of failed rows that were read.
   */
  failed: number;
  /**
   * true if only the first part of the failed rows was read; the numbers then describe that part.
   */
  isSample: boolean;
  /**
   * Most frequent first.
   *
   * @maxItems 20
   */
  byCode: {
    errorCode: string;
    httpStatus: number;
    count: number;
    /**
     * Whether the failure is temporary, so that the same task can succeed later.
     */
    isRetryable: boolean;
  }[];
  /**
   * By the first folders of the keys, most frequent first.
   *
   * @maxItems 20
   */
  byPrefix: {
    prefix: string;
    count: number;
  }[];
  /**
   * The first row of each code.
   *
   * @maxItems 10
   */
  samples: FailedTask[];
  /**
   * The share of the failed rows whose tasks can succeed when they run again, from 0 to 1.
   */
  retryableShare: number;
}
export interface FailedTask {
  bucket: string;
  /**
   * The key, decoded.
   */
  key: string;
  versionId: string | null;
  errorCode: string;
  httpStatus: number;
  message: string;
}
