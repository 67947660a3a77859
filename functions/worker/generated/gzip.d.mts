/**
 * Compresses the object: replaces it, or writes another key of its bucket.
 */
export interface Gzip {
  /**
   * Prepended to the key.
   */
  prefix?: string;
  /**
   * Appended to the key.
   */
  suffix?: string;
  /**
   * Default: 6.
   */
  level?: number;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is Gzip; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"prefix":"string","suffix":"string","level":"integer"};
