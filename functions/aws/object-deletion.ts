import { DeleteObjectCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { headObject } from './object-heads.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** Deletion of objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectDeletion = {
  async find(object: ObjectVersion, abortSignal: AbortSignal) {
    try {
      const { ETag = '', ContentLength = 0, VersionId, isLocked } = await headObject(object, abortSignal);
      const etag = ETag.replaceAll('"', '');
      return {
        isMarker: false as const,
        etag,
        bytes: ContentLength,
        ...(VersionId && { versionId: VersionId }),
        isLocked,
      };
    } catch (error) {
      if (statusOf(error) === METHOD_NOT_ALLOWED && object.versionId) return { isMarker: true as const };
      if (statusOf(error) !== NOT_FOUND) throw error;
      // HEAD does not say whether the object is missing or its bucket.
      await s3Client().send(new HeadBucketCommand({ Bucket: object.bucket }), { abortSignal });
      return undefined;
    }
  },

  async remove(object: ObjectVersion, etag: string | undefined, abortSignal: AbortSignal) {
    const command = new DeleteObjectCommand({ ...targetOf(object), ...(etag && { IfMatch: `"${etag}"` }) });
    await s3Client().send(command, { abortSignal });
  },
};
