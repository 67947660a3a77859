import type { S3UpdateObjectEncryptionOperation } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Changes the KMS key of objects, or switches them to an S3 Bucket Key, without copying them. */
export function updateObjectEncryption(
  objects: ObjectStore,
  { ObjectEncryption }: S3UpdateObjectEncryptionOperation,
): Operation {
  const { KMSKeyArn, BucketKeyEnabled } = ObjectEncryption?.SSEKMS ?? {};
  const encryption = { ObjectEncryption: { SSEKMS: { KMSKeyArn, BucketKeyEnabled } } };
  return objectOperation((task) => objects.updateObjectEncryption(task, encryption));
}
