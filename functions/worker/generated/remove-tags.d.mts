/**
 * Takes tags away from the object by their keys; the others stay.
 */
export interface RemoveTags {
  /**
   * Keys of tags; one that the object has not is no fault.
   *
   * @minItems 1
   */
  keys: string[];
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is RemoveTags; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"keys":"array"};
