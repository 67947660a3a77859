/**
 * Body of POST /jobs/{id}/retry-failed. The body and all its members are optional. The default of a member is its value in the first job.
 */
export interface RetryFailed {
  /**
   * Error codes of the tasks to run again, as in the report; ["*"] for all. Default: the retryable ones, for example throttling, internal errors of S3, TemporaryFailure.
   *
   * @minItems 1
   * @maxItems 20
   */
  Codes?: string[];
  Priority?: number;
  ConfirmationRequired?: boolean;
  Description?: string;
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is RetryFailed; errors?: SchemaError[] | null };
export default validate;
