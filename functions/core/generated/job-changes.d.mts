/**
 * Body of PATCH /jobs/{id}.
 */
export interface JobChanges {
  /**
   * Higher runs first.
   */
  Priority: number;
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is JobChanges; errors?: SchemaError[] | null };
export default validate;
