/**
 * Adds tags to the object; a tag with the same key gets the new value.
 */
export interface MergeTags {
  /**
   * Keys and values.
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
