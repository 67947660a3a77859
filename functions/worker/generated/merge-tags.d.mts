/**
 * Adds tags to those that the object has; a tag of the same key gets the new value.
 */
export interface MergeTags {
  /**
   * Key to value.
   */
  tags: {
    [k: string]: string;
  };
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is MergeTags; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"tags":"object"};
