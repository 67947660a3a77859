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

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is JobTags; errors?: SchemaError[] | null };
export default validate;
