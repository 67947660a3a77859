/**
 * Body of POST /jobs/{id}/run-rest. The body and all its members are optional. The default of a member is its value in the first job.
 */
export interface RunRest {
  /**
   * Run only so many of the objects, and the others with another run-rest. Default: all.
   */
  MaxObjects?: number;
  Priority?: number;
  ConfirmationRequired?: boolean;
  Description?: string;
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is RunRest; errors?: SchemaError[] | null };
export default validate;
