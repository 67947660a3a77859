/**
 * Changes headers and user metadata of the object in place; all else is kept. An empty text takes a header away.
 */
export interface SetMetadata {
  contentType?: string;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  /**
   * Name, without x-amz-meta-, to value; null takes it away. Others stay.
   */
  metadata?: {
    [k: string]: string | null;
  };
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is SetMetadata; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"contentType":"string","cacheControl":"string","contentDisposition":"string","contentEncoding":"string","contentLanguage":"string","metadata":"object"};
