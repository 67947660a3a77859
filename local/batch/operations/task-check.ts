import type { JobOperation } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { ManifestFault } from '../manifest/manifest-fault.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Task } from '../task.ts';
import { objectLockReason } from '../unconfirmed.ts';

/** Checks tasks before any of them runs; throws ManifestFault for a fault that fails the whole job. */
export type TaskCheck = (tasks: readonly Task[]) => Promise<void>;

/** Retention and legal hold require buckets with Object Lock; other operations have no check. */
export function createTaskCheck(
  { S3PutObjectRetention, S3PutObjectLegalHold }: JobOperation,
  objects: ObjectStore,
): TaskCheck {
  if (!S3PutObjectRetention && !S3PutObjectLegalHold) return async () => {};
  const checked = new Set<string>();
  return async (tasks) => {
    for (const { bucket } of tasks) {
      if (checked.has(bucket)) continue;
      await checkBucket(bucket, objects);
      checked.add(bucket);
    }
  };
}

async function checkBucket(bucket: string, objects: ObjectStore): Promise<void> {
  try {
    await objects.checkObjectLock(bucket);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ManifestFault(error.code, objectLockReason(bucket, error.message));
  }
}
