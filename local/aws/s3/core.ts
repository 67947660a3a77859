import type * as Model from '@aws-sdk/client-s3';
import { ACCOUNT_ID } from '../../core/account.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Database } from '../../store/database.ts';
import type { Action, Input, OperationName } from '../protocol/action.ts';
import { accessDenied } from './errors.ts';
import type { BodyTable } from './store/bodies.ts';
import type { Bucket, BucketTable } from './store/buckets.ts';
import type { ObjectTable } from './store/objects.ts';
import type { UploadTable } from './store/uploads.ts';

/** The dependencies of every S3 action. */
export interface S3Core {
  database: Database;
  clock: Clock;
  random: Random;
  buckets: BucketTable;
  objects: ObjectTable;
  bodies: BodyTable;
  uploads: UploadTable;
  limits: S3Limits;
}

export interface S3Limits {
  /** Smallest part of a multipart upload, except the last part. */
  minPartBytes: number;
  /** Largest body of one PutObject, one part or one copy. */
  maxUploadBytes: number;
}

export const S3_LIMITS: S3Limits = { minPartBytes: 5 * 1024 ** 2, maxUploadBytes: 5 * 1024 ** 3 };

export type S3Operation = OperationName<typeof Model> & string;
export type S3Action<Name extends S3Operation> = Action<typeof Model, Name>;
export type S3Input<Name extends S3Operation> = Input<typeof Model, Name>;

/** Canonical user id of the only account. */
export const OWNER_ID = '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a';
export const OWNER = { ID: OWNER_ID };

/** The bucket that a request names. Throws NoSuchBucket, or AccessDenied if the request expects another owner. */
export function bucketOf(
  { buckets }: S3Core,
  { Bucket, ExpectedBucketOwner }: { Bucket?: string | undefined; ExpectedBucketOwner?: string | undefined },
): Bucket {
  const bucket = buckets.require(Bucket);
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== ACCOUNT_ID) throw accessDenied();
  return bucket;
}

/** The current time in milliseconds since the epoch, cut to whole seconds because S3 dates objects so. */
export const nowSeconds = ({ clock }: S3Core): number => Math.floor(clock.now() / 1000) * 1000;
