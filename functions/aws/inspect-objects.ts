import { GetObjectLockConfigurationCommand, HeadBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError } from '../core/errors.ts';
import type { ManifestRow } from '../core/generated/dry-run.mjs';
import type { BucketFacts, BucketQuestion } from '../domain/checks/bucket-checks.ts';
import type { ObjectFacts } from '../domain/checks/sample-checks.ts';
import { s3Client } from './clients.ts';
import { callAws, statusOf } from './known-errors.ts';

interface Refusal {
  $response?: { headers?: Record<string, string | undefined> };
}

/** S3 returns the Region of a bucket even if it denies access. */
const regionIn = (error: unknown): string | undefined =>
  ((error as Error).cause as Refusal | undefined)?.$response?.headers?.['x-amz-bucket-region'];

async function readBucket(bucket: string, abortSignal: AbortSignal): Promise<BucketFacts> {
  try {
    const { BucketRegion: region } = await callAws(() =>
      s3Client().send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }),
    );
    return { state: 'there', ...(region && { region }) };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const status = statusOf(error);
    const region = regionIn(error);
    if (status === 404) return { state: 'missing' };
    return { state: status !== undefined && status < 500 ? 'hidden' : 'unknown', ...(region && { region }) };
  }
}

async function readLock(bucket: string, abortSignal: AbortSignal): Promise<BucketFacts['lock'] & string> {
  try {
    const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
    const { ObjectLockConfiguration: lock } = await callAws(() => s3Client().send(command, { abortSignal }));
    if (lock?.ObjectLockEnabled !== 'Enabled') return 'off';
    return lock.Rule?.DefaultRetention ? 'on-by-default' : 'on';
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return statusOf(error) === 404 ? 'off' : 'hidden';
  }
}

/** Inspects a bucket. An error of S3 is a state, never thrown. */
export async function inspectBucket(
  { bucket, needsLock }: BucketQuestion,
  signal: AbortSignal,
): Promise<BucketFacts> {
  const facts = await readBucket(bucket, signal);
  return needsLock && facts.state !== 'missing' ? { ...facts, lock: await readLock(bucket, signal) } : facts;
}

/** Inspects an object without reading its content. An error of S3 is a state, never thrown. */
export async function inspectObject(
  { Bucket, Key, VersionId }: ManifestRow,
  abortSignal: AbortSignal,
): Promise<ObjectFacts> {
  const command = new HeadObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) });
  try {
    const { ContentLength, StorageClass, Restore } = await callAws(() =>
      s3Client().send(command, { abortSignal }),
    );
    return {
      state: 'there',
      size: ContentLength ?? 0,
      storageClass: StorageClass ?? 'STANDARD',
      isRestored: Restore?.includes('ongoing-request="false"') ?? false,
    };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const state = statusOf(error) === 404 ? 'missing' : 'unknown';
    return { state, size: 0, storageClass: '', isRestored: false };
  }
}
