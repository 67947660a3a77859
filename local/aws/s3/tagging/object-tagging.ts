import { AwsError } from '../../../core/aws-error.ts';
import type { S3Action, S3Core, S3Input } from '../core.ts';
import { noSuchKey } from '../errors.ts';
import { checkTags, storedTags } from '../rules/tags.ts';
import { describeVersionId, findVersion } from '../rules/versions.ts';
import { tagsOf } from '../store/version.ts';

export const getObjectTagging =
  (s3: S3Core): S3Action<'GetObjectTagging'> =>
  (input, { response }) => {
    const { bucket, version } = findTagged(s3, input, response.headers);
    return { TagSet: tagsOf(version), VersionId: describeVersionId(bucket, version) };
  };

export const putObjectTagging =
  (s3: S3Core): S3Action<'PutObjectTagging'> =>
  (input, { response }) => {
    const tags = storedTags(checkTags(input.Tagging?.TagSet ?? []));
    const { bucket, version } = findVersion(s3, input, response.headers, 'PUT');
    s3.database.transaction(() => s3.objects.tagVersion(version, tags));
    return { VersionId: describeVersionId(bucket, version) };
  };

export const deleteObjectTagging =
  (s3: S3Core): S3Action<'DeleteObjectTagging'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers, 'DELETE');
    s3.database.transaction(() => s3.objects.tagVersion(version, null));
    return { VersionId: describeVersionId(bucket, version) };
  };

/** As `findVersion`, with two recorded exceptions: a delete marker is never hidden, and NoSuchKey names the bucket too. */
function findTagged(s3: S3Core, input: S3Input<'GetObjectTagging'>, headers: Record<string, string>) {
  try {
    return findVersion(s3, input, headers, 'GET', false);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey')
      throw noSuchKey(`${input.Bucket}/${input.Key}`);
    throw error;
  }
}
