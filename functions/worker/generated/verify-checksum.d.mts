/**
 * Reads the object and compares its SHA-256 with the expected one.
 */
export interface VerifyChecksum {
  /**
   * A SHA-256 in hexadecimal or base64. The SHA-256 of all objects, hexadecimal or base64. Default: the object's own metadata sha256.
   */
  sha256?: string;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is VerifyChecksum; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"sha256":"string"};
