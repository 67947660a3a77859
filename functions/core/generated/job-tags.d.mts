/**
 * Body of PUT /jobs/{id}/tags and of all answers of that path: the caller's job tags.
 */
export interface JobTags {
  /**
   * @maxItems 49
   */
  Tags: {
    /**
     * The prefix bucket-brigade: is reserved.
     */
    Key: string;
    Value: string;
  }[];
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is JobTags; errors?: SchemaError[] | null };
export default validate;
