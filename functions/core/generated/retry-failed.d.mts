/**
 * Body of POST /jobs/{id}/retry-failed; it may be left out. What it does not say is as in the job that is retried.
 */
export interface RetryFailed {
  /**
   * Error codes of the tasks to run again, as the report has them; ["*"] for all. By default those that pass by themselves: throttling, errors of S3, TemporaryFailure.
   *
   * @minItems 1
   * @maxItems 20
   */
  Codes?: string[];
  Priority?: number;
  ConfirmationRequired?: boolean;
  Description?: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is RetryFailed; errors?: SchemaError[] | null };
export default validate;
