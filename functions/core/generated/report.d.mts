/**
 * Answer of GET /jobs/{id}/report: what the completion report of a job comes to.
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
   * As S3 counts them.
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
    retryFailed?: string;
    [k: string]: string | undefined;
  };
}
/**
 * What the failed rows of the report come to.
 */
export interface Digest {
  /**
   * Failed rows that were read.
   */
  failed: number;
  /**
   * The report has more failed rows than were read: the numbers are those of its first part.
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
     * Such a failure passes by itself: the same task can succeed later.
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
   * The share of the failed rows that the same job, run again, is likely to mend.
   */
  retryableShare: number;
}
export interface FailedTask {
  bucket: string;
  /**
   * Decoded.
   */
  key: string;
  versionId: string | null;
  errorCode: string;
  httpStatus: number;
  message: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is CompletionReport; errors?: SchemaError[] | null };
export default validate;
