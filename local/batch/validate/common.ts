import type { S3Tag } from '@aws-sdk/client-s3-control';
import { BUCKET_ARN, OBJECT_ARN } from '../arn.ts';
import { invalidRequest } from '../errors.ts';
import { all, type Check, list, required, structure, text } from './checks.ts';

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagForm = 'letters, digits, spaces and _.:/=+-@';

export const tag = structure<S3Tag>({
  Key: required(text({ max: 128, pattern: TAG_TEXT, form: tagForm })),
  Value: required(text({ min: 0, max: 256, pattern: TAG_TEXT, form: tagForm })),
});

const uniqueKeys: Check = (tags, path) => {
  const keys = ((tags ?? []) as S3Tag[]).map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw invalidRequest(path, 'must not have the same Key twice');
};

/** Tag keys are case-sensitive and unique within a set. */
export const tagSet = (max?: number): Check => all(list(tag, max === undefined ? {} : { max }), uniqueKeys);

/** Most tags of a job and of an object. */
export const MAX_JOB_TAGS = 50;
export const MAX_OBJECT_TAGS = 10;

export const accountId = text({ min: 12, max: 12, pattern: /^\d{12}$/, form: '12 digits' });

/** A folder belongs in the prefix member, never in the ARN. */
export const bucketArn = text({
  max: 128,
  pattern: BUCKET_ARN,
  form: 'the ARN of a bucket, such as arn:aws:s3:::BUCKET',
});

export const objectArn = text({
  max: 2000,
  pattern: OBJECT_ARN,
  form: 'the ARN of an object, such as arn:aws:s3:::BUCKET/KEY',
});
