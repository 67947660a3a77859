import { bucketOf, type S3Action, type S3Core } from '../core.ts';
import {
  invalidArgumentNamed,
  invalidBucketAcl,
  malformedXml,
  noOwnershipControls,
  noSuchTagSet,
  tooManyBucketTags,
} from '../errors.ts';
import { isAlgorithm } from '../rules/encryption.ts';
import { grantsOf, isOwnersOnly } from '../rules/grants.ts';
import { findOwnership } from '../rules/ownership.ts';
import { checkTagSet } from '../rules/tags.ts';
import type { Bucket } from '../store/buckets.ts';

const MAX_BUCKET_TAGS = 50;

const change = (s3: S3Core, bucket: Bucket, settings: Partial<Bucket['settings']>) => {
  s3.database.transaction(() => s3.buckets.change(bucket, settings));
  return {};
};

export const getBucketTagging =
  (s3: S3Core): S3Action<'GetBucketTagging'> =>
  (input) => {
    const { name, settings } = bucketOf(s3, input);
    if (!settings.tags || settings.tags.length === 0) throw noSuchTagSet(name);
    return { TagSet: settings.tags };
  };

export const putBucketTagging =
  (s3: S3Core): S3Action<'PutBucketTagging'> =>
  (input, { response }) => {
    const bucket = bucketOf(s3, input);
    const tags = checkTagSet(input.Tagging?.TagSet ?? []);
    if (tags.length > MAX_BUCKET_TAGS) throw tooManyBucketTags(MAX_BUCKET_TAGS);
    response.status = 204;
    return change(s3, bucket, { tags });
  };

export const deleteBucketTagging =
  (s3: S3Core): S3Action<'DeleteBucketTagging'> =>
  (input) =>
    change(s3, bucketOf(s3, input), { tags: [] });

export const getBucketOwnershipControls =
  (s3: S3Core): S3Action<'GetBucketOwnershipControls'> =>
  (input) => {
    const { name, settings } = bucketOf(s3, input);
    const { ownership = 'BucketOwnerEnforced' } = settings;
    if (ownership === 'none') throw noOwnershipControls(name);
    return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
  };

export const putBucketOwnershipControls =
  (s3: S3Core): S3Action<'PutBucketOwnershipControls'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    const [rule, ...more] = input.OwnershipControls?.Rules ?? [];
    const ownership = findOwnership(rule?.ObjectOwnership);
    if (!ownership || more.length > 0) throw malformedXml();
    if (ownership === 'BucketOwnerEnforced' && !isOwnersOnly(grantsOf(bucket.settings.acl)))
      throw invalidBucketAcl();
    return change(s3, bucket, { ownership });
  };

export const deleteBucketOwnershipControls =
  (s3: S3Core): S3Action<'DeleteBucketOwnershipControls'> =>
  (input) =>
    change(s3, bucketOf(s3, input), { ownership: 'none' });

/** The default encryption. Since 2023, S3 uses AES256 for buckets without a setting of their own. */
export const getBucketEncryption =
  (s3: S3Core): S3Action<'GetBucketEncryption'> =>
  (input) => {
    const { algorithm = 'AES256', keyId, bucketKey = false } = bucketOf(s3, input).settings.encryption ?? {};
    const byDefault = {
      SSEAlgorithm: algorithm as 'AES256',
      ...(keyId !== undefined && { KMSMasterKeyID: keyId }),
    };
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKey }],
      },
    };
  };

export const putBucketEncryption =
  (s3: S3Core): S3Action<'PutBucketEncryption'> =>
  (input) => {
    const [rule, ...more] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: keyId } =
      rule?.ApplyServerSideEncryptionByDefault ?? {};
    if (!rule || more.length > 0) throw malformedXml();
    if (!isAlgorithm(algorithm)) throw malformedXml();
    if (algorithm === 'AES256' && keyId !== undefined)
      throw invalidArgumentNamed(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
        'ApplyServerSideEncryptionByDefault',
      );
    const bucketKey = rule.BucketKeyEnabled === true;
    return change(s3, bucketOf(s3, input), {
      encryption: { algorithm, ...(keyId !== undefined && { keyId }), ...(bucketKey && { bucketKey }) },
    });
  };

export const deleteBucketEncryption =
  (s3: S3Core): S3Action<'DeleteBucketEncryption'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    s3.database.transaction(() => s3.buckets.clear(bucket, 'encryption'));
    return {};
  };
