/**
 * Copies an object of any size, and keeps everything that no argument replaces.
 */
export interface CopyLarge {
  /**
   * Default: the bucket of the object.
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
  kmsKey?: string;
  /**
   * Default: private.
   */
  acl?: "keep" | "private" | "bucket-owner-read" | "bucket-owner-full-control";
  /**
   * All user metadata of the copy: names, without x-amz-meta-, and values.
   */
  metadata?: {
    [k: string]: string;
  };
  /**
   * All tags of the copy: keys and values.
   */
  tags?: {
    [k: string]: string;
  };
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is CopyLarge; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"targetBucket":"string","targetPrefix":"string","storageClass":"string","encryption":"string","kmsKey":"string","acl":"string","metadata":"object","tags":"object"};
