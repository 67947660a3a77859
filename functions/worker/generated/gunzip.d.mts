/**
 * Decompresses the object, in place or to another key of its bucket.
 */
export interface Gunzip {
  /**
   * Put before the key.
   */
  prefix?: string;
  /**
   * Taken away from the end of the key, which must have it.
   */
  removeSuffix?: string;
  /**
   * How many times as large it may become. Default: 100.
   */
  maxRatio?: number;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Gunzip; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"prefix":"string","removeSuffix":"string","maxRatio":"integer"};
