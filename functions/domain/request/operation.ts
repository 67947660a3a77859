import type { JobRequest, Operation } from '../../core/generated/job-request.mjs';

const operations: Record<keyof Operation, true> = {
  LambdaInvoke: true,
  S3PutObjectCopy: true,
  S3PutObjectAcl: true,
  S3PutObjectTagging: true,
  S3DeleteObjectTagging: true,
  S3InitiateRestoreObject: true,
  S3PutObjectLegalHold: true,
  S3PutObjectRetention: true,
  S3ReplicateObject: true,
  S3ComputeObjectChecksum: true,
  S3UpdateObjectEncryption: true,
};
export const operationNames = Object.keys(operations);

/** The name of the operation of a request. */
export const operationNameOf = (request: Pick<JobRequest, 'Operation'>): string =>
  Object.keys(request.Operation)[0] ?? '';
