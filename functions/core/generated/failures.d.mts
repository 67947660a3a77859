/**
 * Answer of GET /jobs/{id}/failures: a page of the failed tasks of a job.
 */
export interface Failures {
  jobRequestId: string;
  /**
   * @maxItems 1000
   */
  failures: FailedTask[];
  /**
   * null on the last page. Any other page can be short or empty.
   */
  nextPageToken: string | null;
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
declare const validate: { (data: unknown): data is Failures; errors?: SchemaError[] | null };
export default validate;
