import {
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
} from '@aws-sdk/client-s3';
import { isKnownError } from '../core/errors.ts';
import type { ManifestRow } from '../core/generated/dry-run.mjs';
import type { BucketFacts, BucketQuestion, BucketSetting } from '../domain/checks/bucket-checks.ts';
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

type Read<Setting extends BucketSetting> = (
  bucket: string,
  abortSignal: AbortSignal,
) => Promise<BucketFacts[Setting] & string>;

const readLock: Read<'lock'> = async (bucket, abortSignal) => {
  const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
  const { ObjectLockConfiguration: lock } = await callAws(() => s3Client().send(command, { abortSignal }));
  if (lock?.ObjectLockEnabled !== 'Enabled') return 'off';
  return lock.Rule?.DefaultRetention ? 'on-by-default' : 'on';
};

const readReplication: Read<'replication'> = async (bucket, abortSignal) => {
  const command = new GetBucketReplicationCommand({ Bucket: bucket });
  const { ReplicationConfiguration: found } = await callAws(() => s3Client().send(command, { abortSignal }));
  return found?.Rules?.some(({ Status }) => Status === 'Enabled') ? 'on' : 'off';
};

const readAcls: Read<'acls'> = async (bucket, abortSignal) => {
  const command = new GetBucketOwnershipControlsCommand({ Bucket: bucket });
  const { OwnershipControls: found } = await callAws(() => s3Client().send(command, { abortSignal }));
  return found?.Rules?.some(({ ObjectOwnership }) => ObjectOwnership === 'BucketOwnerEnforced')
    ? 'off'
    : 'on';
};

/** How each setting is read, and what it is if the bucket has no such configuration. */
const settings = {
  lock: { read: readLock, without: 'off' },
  replication: { read: readReplication, without: 'off' },
  acls: { read: readAcls, without: 'on' },
} as const satisfies { [Setting in BucketSetting]: { read: Read<Setting>; without: BucketFacts[Setting] } };

async function readSetting(setting: BucketSetting, bucket: string, signal: AbortSignal) {
  const { read, without } = settings[setting];
  try {
    return await read(bucket, signal);
  } catch (error) {
    if (!isKnownError(error)) throw error;
    return statusOf(error) === 404 ? without : 'hidden';
  }
}

/** Inspects a bucket. An error of S3 is a state, never thrown. */
export async function inspectBucket(
  { bucket, settings: wanted }: BucketQuestion,
  signal: AbortSignal,
): Promise<BucketFacts> {
  const facts = await readBucket(bucket, signal);
  if (facts.state === 'missing') return facts;
  const read = wanted.map(async (setting) => [setting, await readSetting(setting, bucket, signal)]);
  return { ...facts, ...Object.fromEntries(await Promise.all(read)) };
}

const ARCHIVES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** Inspects an object without reading its content. An error of S3 is a state, never thrown. */
export async function inspectObject(row: ManifestRow, abortSignal: AbortSignal): Promise<ObjectFacts> {
  const { Bucket, Key, VersionId } = row;
  const command = new HeadObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) });
  try {
    const head = await callAws(() => s3Client().send(command, { abortSignal }));
    const { ContentLength: size = 0, StorageClass: storageClass = 'STANDARD', ArchiveStatus, Restore } = head;
    const isArchived = ARCHIVES.includes(storageClass) || ArchiveStatus !== undefined;
    if (Restore === undefined) return { row, state: 'there', size, storageClass, isArchived };
    const restore = Restore.includes('ongoing-request="true"') ? 'running' : 'done';
    return { row, state: 'there', size, storageClass, isArchived, restore };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const state = statusOf(error) === 404 ? 'missing' : 'unknown';
    return { row, state, size: 0, storageClass: '', isArchived: false };
  }
}
