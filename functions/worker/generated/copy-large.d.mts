/**
 * Copies an object of any size, and keeps everything that no argument replaces.
 */
export interface CopyLarge {
  /**
   * The plain name of a bucket. Default: the bucket of the object.
   */
  targetBucket?: string;
  /**
   * Prepended to the key, without a separator.
   */
  targetPrefix?: string;
  storageClass?:
    | "STANDARD"
    | "REDUCED_REDUNDANCY"
    | "STANDARD_IA"
    | "ONEZONE_IA"
    | "INTELLIGENT_TIERING"
    | "GLACIER"
    | "DEEP_ARCHIVE"
    | "GLACIER_IR";
  encryption?: "AES256" | "aws:kms" | "aws:kms:dsse";
  /**
   * The id, alias or ARN of a KMS key.
   */
  kmsKey?: string;
  /**
   * Default: private.
   */
  acl?: "keep" | "private" | "bucket-owner-read" | "bucket-owner-full-control";
  /**
   * All user metadata of the copy: names, without x-amz-meta-, and values.
   */
  metadata?: {
    /**
     * A header value of printable ASCII characters, without spaces at either end.
     */
    [k: string]: string;
  };
  /**
   * All tags of the copy: keys and values.
   */
  tags?: {
    /**
     * A value of letters, digits, spaces and _.:/=+-@.
     */
    [k: string]: string;
  };
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is CopyLarge; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"targetBucket":"string","targetPrefix":"string","storageClass":"string","encryption":"string","kmsKey":"string","acl":"string","metadata":"object","tags":"object"};
