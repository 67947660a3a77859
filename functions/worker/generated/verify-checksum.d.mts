/**
 * Reads the object and compares its SHA-256 with the expected one.
 */
export interface VerifyChecksum {
  /**
   * The SHA-256 of all objects, hexadecimal or base64. Default: the object's own metadata sha256.
   */
  sha256?: string;
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is VerifyChecksum; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"sha256":"string"};
