/**
 * Body of POST /jobs/{id}/cancel. The body is optional.
 */
export interface CancelRequest {
  /**
   * true also stops the automatic retries: none starts any more, and the one that is scheduled or running is cancelled. Default false.
   */
  retries?: boolean;
  /**
   * The reason for the cancellation. It is kept with the job, and the final notice contains it.
   */
  reason?: string;
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is CancelRequest; errors?: SchemaError[] | null };
export default validate;
