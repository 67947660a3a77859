/**
 * Body of PATCH /jobs/{id}.
 */
export interface JobChanges {
  /**
   * Jobs with a higher priority run first.
   */
  Priority: number;
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is JobChanges; errors?: SchemaError[] | null };
export default validate;
