import type { S3Core } from '../core.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import { type AclInput, newAcl } from './acl.ts';
import { newEncryption } from './encryption.ts';
import { newLock } from './object-lock.ts';
import { newStorageClass } from './storage-class.ts';

/** Members that Put, Copy and CreateMultipartUpload have in common, beside the headers that are kept. */
export type PlacementInput = AclInput &
  Parameters<typeof newEncryption>[1] &
  Parameters<typeof newLock>[2] & { StorageClass?: string | undefined };

/** Storage class, encryption, lock and ACL of a new object, checked against its bucket. */
export const newPlacement = (s3: S3Core, bucket: Bucket, input: PlacementInput): ObjectFacts => ({
  ...newStorageClass(input.StorageClass),
  ...newEncryption(bucket, input),
  ...newLock(s3, bucket, input),
  ...newAcl(bucket, input),
});
