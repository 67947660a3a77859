import type { S3Core } from '../core.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import { newEncryption } from './encryption.ts';
import { type AclInput, newAcl } from './grants.ts';
import { newLock } from './object-lock.ts';
import { newStorageClass } from './storage-class.ts';

/** Members that PutObject, CopyObject and CreateMultipartUpload share, besides the stored headers. */
export type NewFactsInput = AclInput &
  Parameters<typeof newEncryption>[1] &
  Parameters<typeof newLock>[2] & { StorageClass?: string | undefined };

/** Storage class, encryption, lock and ACL of a new object, checked against its bucket. */
export const newFacts = (s3: S3Core, bucket: Bucket, input: NewFactsInput): ObjectFacts => ({
  ...newStorageClass(input.StorageClass),
  ...newEncryption(bucket, input),
  ...newLock(s3, bucket, input),
  ...newAcl(bucket, input),
});
