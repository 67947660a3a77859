import type { Tier } from '@aws-sdk/client-s3';
import type { S3GlacierJobTier, S3InitiateRestoreObjectOperation } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

const TIERS: Record<S3GlacierJobTier, Tier> = { BULK: 'Bulk', STANDARD: 'Standard' };

/** Requests a restore. The task completes when the restore has begun; its end is not reported. */
export function initiateRestoreObject(
  objects: ObjectStore,
  { ExpirationInDays: days, GlacierJobTier: tier }: S3InitiateRestoreObjectOperation,
): Operation {
  const RestoreRequest = {
    ...(days !== undefined && { Days: days }),
    ...(tier !== undefined && { GlacierJobParameters: { Tier: TIERS[tier] } }),
  };
  return objectOperation((task) => objects.restoreObject(task, { RestoreRequest }));
}
