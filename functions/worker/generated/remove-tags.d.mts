/**
 * Removes tags from the object by their keys; other tags stay.
 */
export interface RemoveTags {
  /**
   * Keys of tags. A key that the object does not have is not an error.
   *
   * @minItems 1
   */
  keys: string[];
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is RemoveTags; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"keys":"array"};
