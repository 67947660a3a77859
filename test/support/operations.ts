import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  type CreateBucketCommandInput,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { CreateJobRequest, JobDescriptor, JobOperation } from '@aws-sdk/client-s3-control';
import { AccountId, type BatchStack, jobRequest, reportOf } from './batch.ts';

export interface Ran {
  job: JobDescriptor;
  /** Rows of the completion report. */
  succeeded: string[];
  failed: string[];
}

/** Runs the operation on the manifest's rows, which name versions when they have a third column. */
export async function runOperation(stack: BatchStack, rows: string, Operation: JobOperation): Promise<Ran> {
  const job = await stack.run(await operationRequest(stack, rows, Operation));
  const { succeeded, failed } = (await reportOf(stack.s3, job.JobId ?? '')).rows;
  return { job, succeeded: succeeded.toSorted(), failed: failed.toSorted() };
}

/** A request for a job that may be of any operation. */
export async function operationRequest(
  stack: BatchStack,
  rows: string,
  Operation: JobOperation,
): Promise<CreateJobRequest> {
  const { Manifest, Report } = await stack.request(rows, { Operation });
  const isVersioned = rows.split('\n')[0]?.split(',').length === 3;
  const Fields = ['Bucket', 'Key', ...(isVersioned ? ['VersionId'] : [])];
  return jobRequest({
    Operation,
    Manifest: { ...Manifest, Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields } } as never,
    Report: { ...Report, Enabled: true, ExpectedBucketOwner: AccountId },
  });
}

export const createBucket = (s3: S3Client, Bucket: string, more: Partial<CreateBucketCommandInput> = {}) =>
  s3.send(new CreateBucketCommand({ Bucket, ...more }));

export const setVersioning = (s3: S3Client, Bucket: string, Status: 'Enabled' | 'Suspended' = 'Enabled') =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

/** Puts an object and returns its version id. */
export async function putObject(
  s3: S3Client,
  Bucket: string,
  Key: string,
  more: Partial<PutObjectCommandInput> = {},
): Promise<string> {
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'body', ...more }));
  return VersionId;
}

/** Uploads an object in parts. */
export async function putInParts(
  s3: S3Client,
  Bucket: string,
  Key: string,
  bodies: readonly (string | Uint8Array)[],
): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: index + 1 };
    const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: Buffer.from(Body) }));
    Parts.push({ PartNumber: part.PartNumber, ETag });
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
}

export const headOf = (s3: S3Client, Bucket: string, Key: string, VersionId?: string) =>
  s3.send(new HeadObjectCommand({ Bucket, Key, VersionId, ChecksumMode: 'ENABLED' }));
