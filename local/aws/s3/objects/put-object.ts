import { bucketOf, nowSeconds, type S3Action, type S3Core, type S3Input } from '../core.ts';
import { invalidRequest, notImplementedHeader } from '../errors.ts';
import { checksumMember } from '../payload/checksums.ts';
import { hasDigest } from '../payload/verified-body.ts';
import { replicateNew } from '../replication/replicate.ts';
import { checkWriteConditions, checkWriteHeaders, type WriteConditions } from '../rules/conditions.ts';
import { describeEncryption } from '../rules/encryption.ts';
import { keptHeaders } from '../rules/headers.ts';
import { newKey } from '../rules/keys.ts';
import { newFacts } from '../rules/new-facts.ts';
import { storedTags, tagsFromHeader } from '../rules/tags.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import { receiveUpload, type Upload } from './upload.ts';

interface NewObject {
  key: string;
  tags: string | null;
  facts: ObjectFacts;
}

export const putObject =
  (s3: S3Core): S3Action<'PutObject'> =>
  async (input, { request }) => {
    const bucket = bucketOf(s3, input);
    if (input.WriteOffsetBytes !== undefined) throw notImplementedHeader('x-amz-write-offset-bytes');
    const object: NewObject = {
      key: newKey(input.Key),
      tags: storedTags(tagsFromHeader(input.Tagging)),
      facts: { ...keptHeaders(input, request.headers['expires']), ...newFacts(s3, bucket, input) },
    };
    checkWriteHeaders(input);
    checkLockedPut(input, request.headers);
    // Fails before the body is read if possible. `commitUpload` checks again, because the key may change meanwhile.
    checkWriteConditions(object.key, s3.objects.current(bucket.id, object.key), input);
    const upload = await receiveUpload(s3, input.Body, request.headers);
    const { versionId } = commitUpload(s3, bucket, object, upload, input);
    return {
      ETag: `"${upload.etag}"`,
      [checksumMember(upload.algorithm)]: upload.checksum,
      ChecksumType: 'FULL_OBJECT',
      // A bucket whose versioning is suspended gets no version id here.
      VersionId: bucket.settings.versioning === 'Enabled' ? versionId : undefined,
      ...describeEncryption(object.facts),
    };
  };

/** An upload with a lock must have a digest, so that no damaged body is locked. */
function checkLockedPut(input: S3Input<'PutObject'>, headers: Readonly<Record<string, string>>): void {
  const isLocked = input.ObjectLockMode ?? input.ObjectLockRetainUntilDate ?? input.ObjectLockLegalHoldStatus;
  if (isLocked !== undefined && !hasDigest(headers))
    throw invalidRequest(
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
}

/** Makes a received body the current version of its key. On an error, the body is discarded. */
export function commitUpload(
  s3: S3Core,
  { name }: Bucket,
  { key, tags, facts }: NewObject,
  { staged, etag, algorithm, checksum }: Upload,
  conditions: WriteConditions = {},
): { versionId: string | undefined } {
  try {
    return s3.database.transaction(() => {
      const bucket = s3.buckets.require(name);
      checkWriteConditions(key, s3.objects.current(bucket.id, key), conditions);
      const versionId = s3.objects.put(bucket, {
        key,
        tags,
        lastModified: nowSeconds(s3),
        size: staged.size,
        etag,
        body: s3.bodies.adopt(staged),
        facts: { ...facts, checksum: { algorithm, type: 'FULL_OBJECT', value: checksum } },
      });
      replicateNew(s3, bucket, key);
      return { versionId: bucket.settings.versioning === undefined ? undefined : versionId };
    });
  } catch (error) {
    s3.bodies.discard(staged);
    throw error;
  }
}
