/**
 * Decompresses the object: replaces it, or writes another key of its bucket.
 */
export interface Gunzip {
  /**
   * Prepended to the key.
   */
  prefix?: string;
  /**
   * Removed from the end of the key, which must have it.
   */
  removeSuffix?: string;
  /**
   * Maximum ratio of decompressed to compressed size. Default: 100.
   */
  maxRatio?: number;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is Gunzip; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"prefix":"string","removeSuffix":"string","maxRatio":"integer"};
