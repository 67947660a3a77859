import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { bucketOfArn } from '../arn.ts';
import type { ObjectCopy } from '../object-actions.ts';
import type { ObjectStore } from '../object-store.ts';
import { joinTargetKey } from '../unconfirmed.ts';
import { copyEncryption, copyGrants, copyMetadata, copyTagging } from './copy-request.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Copies objects of up to 5 GB into the destination bucket. The new key is the prefix and the old key. */
export function putObjectCopy(objects: ObjectStore, operation: S3CopyObjectOperation): Operation {
  const { TargetKeyPrefix: prefix } = operation;
  const copy = copyRequest(operation);
  return objectOperation((task) =>
    objects.copyObject(task, { ...copy, Key: joinTargetKey(prefix, task.key) }),
  );
}

/** CopyObject's request without the key. */
const copyRequest = (operation: S3CopyObjectOperation): Omit<ObjectCopy, 'Key'> => ({
  Bucket: bucketOfArn(operation.TargetResource),
  ACL: operation.CannedAccessControlList,
  ...copyGrants(operation.AccessControlGrants),
  CopySourceIfModifiedSince: operation.ModifiedSinceConstraint,
  CopySourceIfUnmodifiedSince: operation.UnModifiedSinceConstraint,
  ...copyMetadata(operation),
  ...copyTagging(operation.NewObjectTagging),
  WebsiteRedirectLocation: operation.RedirectLocation,
  RequestPayer: operation.RequesterPays ? 'requester' : undefined,
  StorageClass: operation.StorageClass,
  ...copyEncryption(operation),
  ObjectLockLegalHoldStatus: operation.ObjectLockLegalHoldStatus,
  ObjectLockMode: operation.ObjectLockMode,
  ObjectLockRetainUntilDate: operation.ObjectLockRetainUntilDate,
  ChecksumAlgorithm: operation.ChecksumAlgorithm,
});
