/**
 * Changes headers and user metadata of the object, and keeps everything else. An empty string removes a header.
 */
export interface SetMetadata {
  contentType?: string;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  /**
   * Names, without x-amz-meta-, and values; null removes a name. Other names stay.
   */
  metadata?: {
    [k: string]: string | null;
  };
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is SetMetadata; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"contentType":"string","cacheControl":"string","contentDisposition":"string","contentEncoding":"string","contentLanguage":"string","metadata":"object"};
