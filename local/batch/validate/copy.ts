import {
  S3CannedAccessControlList,
  S3ChecksumAlgorithm,
  type S3CopyObjectOperation,
  S3MetadataDirective,
  S3ObjectLockLegalHoldStatus,
  S3ObjectLockMode,
  type S3ObjectMetadata,
  S3SSEAlgorithm,
  S3StorageClass,
} from '@aws-sdk/client-s3-control';
import { notImplemented } from '../errors.ts';
import { grants } from './access-control.ts';
import { all, type Check, flag, integer, map, oneOf, required, structure, text, time } from './checks.ts';
import { MAX_OBJECT_TAGS, tagSet } from './common.ts';

/** A field name of HTTP (RFC 9110, 5.1). */
const metadataName = text({
  max: 1024,
  pattern: /^[\w!#$%&'*+.^`|~-]+$/,
  form: "letters, digits and !#$%&'*+-.^_`|~, as in the name of an HTTP header",
});

/** A field value of HTTP (RFC 9110, 5.5): no line ends or other control characters, no white space at either end. */
const headerValue = (min: number, max: number) =>
  text({
    min,
    max,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
    pattern: /^(?![\t ])[^\x00-\x08\x0a-\x1f\x7f]*(?<![\t ])$/,
    form: 'the value of an HTTP header, without control characters and without white space at its ends',
  });

const header = headerValue(1, 1024);

const metadata = structure<S3ObjectMetadata>({
  CacheControl: header,
  ContentDisposition: header,
  ContentEncoding: header,
  ContentLanguage: header,
  ContentType: header,
  ContentMD5: header,
  ContentLength: integer({}),
  HttpExpiresDate: time,
  RequesterCharged: flag,
  SSEAlgorithm: oneOf(S3SSEAlgorithm),
  UserMetadata: map(metadataName, headerValue(0, 1024), { max: 8192 }),
});

/** A folder belongs in TargetKeyPrefix, never in the ARN of a bucket. */
const destinationArn = text({
  max: 128,
  pattern: /^arn:[^:]+:(s3:::[^:/]+|s3express:.+)$/,
  form: 'the ARN of the destination bucket, such as arn:aws:s3:::BUCKET',
});

const isGeneralPurpose: Check = (arn, path) => {
  if (/^arn:[^:]+:s3express:/.test(String(arn))) throw notImplemented(`${path}: a directory bucket`);
};

/** S3PutObjectCopy. Only TargetResource is required. AWS answered 500 without it; here it is refused with 400. */
export const copy = structure<S3CopyObjectOperation>({
  TargetResource: required(all(destinationArn, isGeneralPurpose)),
  CannedAccessControlList: oneOf(S3CannedAccessControlList),
  AccessControlGrants: grants,
  MetadataDirective: oneOf(S3MetadataDirective),
  ModifiedSinceConstraint: time,
  UnModifiedSinceConstraint: time,
  NewObjectMetadata: metadata,
  NewObjectTagging: tagSet(MAX_OBJECT_TAGS),
  RedirectLocation: headerValue(1, 2048),
  RequesterPays: flag,
  StorageClass: oneOf(S3StorageClass),
  SSEAwsKmsKeyId: headerValue(1, 2000),
  TargetKeyPrefix: text({ max: 1024 }),
  ObjectLockLegalHoldStatus: oneOf(S3ObjectLockLegalHoldStatus),
  ObjectLockMode: oneOf(S3ObjectLockMode),
  ObjectLockRetainUntilDate: time,
  BucketKeyEnabled: flag,
  ChecksumAlgorithm: oneOf(S3ChecksumAlgorithm),
});
