import type * as Model from '@aws-sdk/client-s3';
import type { Actions } from '../protocol/action.ts';
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acl/acl-actions.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './buckets/bucket-actions.ts';
import {
  deleteBucketEncryption,
  deleteBucketOwnershipControls,
  deleteBucketTagging,
  getBucketEncryption,
  getBucketOwnershipControls,
  getBucketTagging,
  putBucketEncryption,
  putBucketOwnershipControls,
  putBucketTagging,
} from './buckets/bucket-settings.ts';
import { getBucketVersioning, putBucketVersioning } from './buckets/versioning.ts';
import type { S3Core } from './core.ts';
import { listObjectVersions } from './listing/list-object-versions.ts';
import { listObjects, listObjectsV2 } from './listing/list-objects.ts';
import { getObjectLegalHold, putObjectLegalHold } from './locks/legal-hold.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './locks/object-lock-configuration.ts';
import { getObjectRetention, putObjectRetention } from './locks/retention.ts';
import { abortMultipartUpload } from './multipart/abort-multipart-upload.ts';
import { completeMultipartUpload } from './multipart/complete-multipart-upload.ts';
import { createMultipartUpload } from './multipart/create-multipart-upload.ts';
import { listMultipartUploads } from './multipart/list-multipart-uploads.ts';
import { listParts } from './multipart/list-parts.ts';
import { uploadPart, uploadPartCopy } from './multipart/upload-part.ts';
import { copyObject } from './objects/copy-object.ts';
import { deleteObject } from './objects/delete-object.ts';
import { deleteObjects } from './objects/delete-objects.ts';
import { getObject, headObject } from './objects/get-object.ts';
import { getObjectAttributes } from './objects/get-object-attributes.ts';
import { putObject } from './objects/put-object.ts';
import { restoreObject } from './objects/restore-object.ts';
import { updateObjectEncryption } from './objects/update-object-encryption.ts';
import {
  deleteBucketReplication,
  getBucketReplication,
  putBucketReplication,
} from './replication/bucket-replication.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging/object-tagging.ts';

/** The S3 operations that the local stack implements. Every other operation gets 501 `NotImplemented`. */
export const createActions = (s3: S3Core): Actions<typeof Model> => ({
  CreateBucket: createBucket(s3),
  DeleteBucket: deleteBucket(s3),
  GetBucketLocation: getBucketLocation(s3),
  HeadBucket: headBucket(s3),
  ListBuckets: listBuckets(s3),
  DeleteBucketEncryption: deleteBucketEncryption(s3),
  GetBucketEncryption: getBucketEncryption(s3),
  PutBucketEncryption: putBucketEncryption(s3),
  DeleteBucketOwnershipControls: deleteBucketOwnershipControls(s3),
  GetBucketOwnershipControls: getBucketOwnershipControls(s3),
  PutBucketOwnershipControls: putBucketOwnershipControls(s3),
  DeleteBucketReplication: deleteBucketReplication(s3),
  GetBucketReplication: getBucketReplication(s3),
  PutBucketReplication: putBucketReplication(s3),
  DeleteBucketTagging: deleteBucketTagging(s3),
  GetBucketTagging: getBucketTagging(s3),
  PutBucketTagging: putBucketTagging(s3),
  GetBucketVersioning: getBucketVersioning(s3),
  PutBucketVersioning: putBucketVersioning(s3),
  GetBucketAcl: getBucketAcl(s3),
  PutBucketAcl: putBucketAcl(s3),
  GetObjectLockConfiguration: getObjectLockConfiguration(s3),
  PutObjectLockConfiguration: putObjectLockConfiguration(s3),
  CopyObject: copyObject(s3),
  DeleteObject: deleteObject(s3),
  DeleteObjects: deleteObjects(s3),
  GetObject: getObject(s3),
  GetObjectAttributes: getObjectAttributes(s3),
  HeadObject: headObject(s3),
  PutObject: putObject(s3),
  RestoreObject: restoreObject(s3),
  UpdateObjectEncryption: updateObjectEncryption(s3),
  ListObjects: listObjects(s3),
  ListObjectsV2: listObjectsV2(s3),
  ListObjectVersions: listObjectVersions(s3),
  DeleteObjectTagging: deleteObjectTagging(s3),
  GetObjectTagging: getObjectTagging(s3),
  PutObjectTagging: putObjectTagging(s3),
  GetObjectAcl: getObjectAcl(s3),
  PutObjectAcl: putObjectAcl(s3),
  GetObjectLegalHold: getObjectLegalHold(s3),
  PutObjectLegalHold: putObjectLegalHold(s3),
  GetObjectRetention: getObjectRetention(s3),
  PutObjectRetention: putObjectRetention(s3),
  AbortMultipartUpload: abortMultipartUpload(s3),
  CompleteMultipartUpload: completeMultipartUpload(s3),
  CreateMultipartUpload: createMultipartUpload(s3),
  ListMultipartUploads: listMultipartUploads(s3),
  ListParts: listParts(s3),
  UploadPart: uploadPart(s3),
  UploadPartCopy: uploadPartCopy(s3),
});
