/**
 * Body of PUT /jobs/{id}/tags and of all answers of that path: the caller's job tags.
 */
export interface JobTags {
  /**
   * @maxItems 49
   */
  Tags: {
    /**
     * A key of letters, digits, spaces and _.:/=+-@, without the prefix bucket-brigade:.
     */
    Key: string;
    /**
     * A value of letters, digits, spaces and _.:/=+-@.
     */
    Value: string;
  }[];
}
import type { SchemaError } from '../schema-advice.ts';
declare const validate: { (data: unknown): data is JobTags; errors?: SchemaError[] | null };
export default validate;
