/**
 * Body of POST /jobs/{id}/cancel. The body is optional.
 */
export interface CancelRequest {
  /**
   * The reason of the cancellation: kept with the job, and part of the notice.
   */
  reason?: string;
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is CancelRequest; errors?: SchemaError[] | null };
export default validate;
