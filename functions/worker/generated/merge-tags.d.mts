/**
 * Adds tags to the object; a tag with the same key gets the new value.
 */
export interface MergeTags {
  /**
   * Keys and values.
   */
  tags: {
    /**
     * A value of letters, digits, spaces and _.:/=+-@.
     */
    [k: string]: string;
  };
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is MergeTags; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"tags":"object"};
