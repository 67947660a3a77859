/**
 * Answer of GET /jobs/{id}/results: a page of the tasks of a job.
 */
export interface Results {
  jobRequestId: string;
  /**
   * @maxItems 1000
   */
  results: TaskResult[];
  /**
   * null on the last page. Any other page can be short or empty.
   */
  nextPageToken: string | null;
}
export interface TaskResult {
  bucket: string;
  /**
   * The key, decoded.
   */
  key: string;
  versionId: string | null;
  status: "succeeded" | "failed";
  /**
   * Empty if the task succeeded.
   */
  errorCode: string;
  httpStatus: number;
  /**
   * The result string of the task, for example a checksum, or the error message.
   */
  result: string;
}
