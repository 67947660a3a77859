import { REGION } from '../../../core/account.ts';
import { bucketOf, nowSeconds, OWNER, type S3Action, type S3Core } from '../core.ts';
import { bucketNotEmpty, invalidBucketAcl } from '../errors.ts';
import { checkBucketName } from '../rules/bucket-names.ts';
import { grantsFromHeaders, isOwnerEnforced, isOwnersOnly, storedAcl } from '../rules/grants.ts';
import { ownershipFromHeader } from '../rules/ownership.ts';
import { checkTagSet } from '../rules/tags.ts';
import type { Bucket } from '../store/buckets.ts';

const MAX_BUCKETS_PER_PAGE = 10_000;

const arnOf = (bucket: string) => `arn:aws:s3:::${bucket}`;

/** For an existing bucket answers 200 without changing it, as in the Region us-east-1. */
export const createBucket =
  (s3: S3Core): S3Action<'CreateBucket'> =>
  (input) => {
    const name = input.Bucket ?? '';
    checkBucketName(name);
    const { LocationConstraint: location, Tags: tags } = input.CreateBucketConfiguration ?? {};
    const ownership = input.ObjectOwnership;
    const grants = grantsFromHeaders(input);
    const settings: Bucket['settings'] = {
      ...(location !== undefined && { location }),
      ...(input.ObjectLockEnabledForBucket && { objectLock: {}, versioning: 'Enabled' as const }),
      ...(ownership !== undefined && { ownership: ownershipFromHeader(ownership) }),
      ...(tags && { tags: checkTagSet(tags) }),
      ...(grants && storedAcl(grants)),
    };
    const isEnforced = isOwnerEnforced({ settings });
    if (grants && isEnforced && !isOwnersOnly(grants)) throw invalidBucketAcl();
    if (!s3.buckets.get(name))
      s3.database.transaction(() => s3.buckets.create(name, nowSeconds(s3), settings));
    return { Location: `/${name}`, BucketArn: arnOf(name) };
  };

export const headBucket =
  (s3: S3Core): S3Action<'HeadBucket'> =>
  (input) => {
    const { name, settings } = bucketOf(s3, input);
    return { BucketRegion: settings.location ?? REGION, BucketArn: arnOf(name), AccessPointAlias: false };
  };

export const deleteBucket =
  (s3: S3Core): S3Action<'DeleteBucket'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    if (!s3.objects.isEmpty(bucket.id))
      throw bucketNotEmpty(bucket.name, bucket.settings.versioning !== undefined);
    s3.database.transaction(() => {
      s3.uploads.removeAll(bucket.id);
      s3.buckets.remove(bucket);
    });
    return {};
  };

export const listBuckets =
  (s3: S3Core): S3Action<'ListBuckets'> =>
  (input) => {
    const {
      MaxBuckets: limit = MAX_BUCKETS_PER_PAGE,
      Prefix: prefix = '',
      ContinuationToken: after = '',
    } = input;
    const region = input.BucketRegion;
    const found = s3.buckets
      .list()
      .filter(
        ({ name, settings }) =>
          name.startsWith(prefix) &&
          name > after &&
          (region ?? settings.location ?? REGION) === (settings.location ?? REGION),
      );
    const page = found.slice(0, limit);
    return {
      Owner: OWNER,
      Buckets: page.map(({ name, created, settings }) => ({
        Name: name,
        CreationDate: new Date(created),
        BucketRegion: settings.location ?? REGION,
        BucketArn: arnOf(name),
      })),
      ...(input.Prefix !== undefined && { Prefix: prefix }),
      ...(found.length > page.length && { ContinuationToken: page.at(-1)?.name }),
    };
  };

export const getBucketLocation =
  (s3: S3Core): S3Action<'GetBucketLocation'> =>
  (input) => {
    const { location } = bucketOf(s3, input).settings;
    return location === undefined || location === REGION
      ? {}
      : { LocationConstraint: location as Exclude<typeof location, string> };
  };
