/**
 * Changes headers and user metadata of the object, and keeps everything else. An empty string removes a header.
 */
export interface SetMetadata {
  /**
   * A header value of printable ASCII characters, without spaces at either end.
   */
  contentType?: string;
  /**
   * A header value of printable ASCII characters, without spaces at either end.
   */
  cacheControl?: string;
  /**
   * A header value of printable ASCII characters, without spaces at either end.
   */
  contentDisposition?: string;
  /**
   * A header value of printable ASCII characters, without spaces at either end.
   */
  contentEncoding?: string;
  /**
   * A header value of printable ASCII characters, without spaces at either end.
   */
  contentLanguage?: string;
  /**
   * Names, without x-amz-meta-, and values; null removes a name. Other names stay.
   */
  metadata?: {
    /**
     * A header value of printable ASCII characters, without spaces at either end.
     */
    [k: string]: string | null;
  };
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is SetMetadata; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"contentType":"string","cacheControl":"string","contentDisposition":"string","contentEncoding":"string","contentLanguage":"string","metadata":"object"};
