/**
 * Succeeds if the object can be read: it is not archived, or it has been restored.
 */
export interface CheckRestored {
  /**
   * An object that cannot be read yet succeeds with the result waiting.
   */
  wait?: boolean;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is CheckRestored; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"wait":"boolean"};
