import type { DefaultRetention } from '@aws-sdk/client-s3';
import { bucketOf, type S3Action, type S3Core } from '../core.ts';
import {
  invalidArgument,
  invalidBucketState,
  malformedXml,
  missingRequestBody,
  noObjectLockConfiguration,
  notImplementedHeader,
} from '../errors.ts';
import { retentionMode } from '../rules/object-lock.ts';
import type { Bucket } from '../store/buckets.ts';

type StoredRetention = NonNullable<NonNullable<Bucket['settings']['objectLock']>['defaultRetention']>;

export const getObjectLockConfiguration =
  (s3: S3Core): S3Action<'GetObjectLockConfiguration'> =>
  (input) => {
    const { name, settings } = bucketOf(s3, input);
    if (!settings.objectLock) throw noObjectLockConfiguration(name);
    const { mode, days, years } = settings.objectLock.defaultRetention ?? {};
    return {
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        ...(mode && { Rule: { DefaultRetention: { Mode: mode, Days: days, Years: years } } }),
      },
    };
  };

export const putObjectLockConfiguration =
  (s3: S3Core): S3Action<'PutObjectLockConfiguration'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    const configuration = input.ObjectLockConfiguration;
    if (!configuration) throw missingRequestBody();
    const { ObjectLockEnabled: enabled, Rule: rule } = configuration;
    if (enabled !== 'Enabled' || (rule !== undefined && !rule.DefaultRetention)) throw malformedXml();
    if (bucket.settings.versioning !== 'Enabled')
      throw invalidBucketState(
        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
      );
    const objectLock = rule?.DefaultRetention
      ? { defaultRetention: checkRetention(rule.DefaultRetention) }
      : {};
    s3.database.transaction(() => s3.buckets.change(bucket, { objectLock }));
    return {};
  };

/** Checks a default retention: a mode, and either days or years. */
function checkRetention({
  Mode,
  Days: days,
  Years: years,
  DefaultEventHold: hold,
}: DefaultRetention): StoredRetention {
  if (hold !== undefined) throw notImplementedHeader('DefaultEventHold');
  const mode = retentionMode(Mode);
  if ((days === undefined) === (years === undefined)) throw malformedXml();
  if (!((days ?? years ?? 0) > 0))
    throw invalidArgument(
      'Default retention period must be a positive integer value.',
      days === undefined ? 'Years' : 'Days',
      String(days ?? years),
    );
  return { mode, ...(days === undefined ? {} : { days }), ...(years === undefined ? {} : { years }) };
}
