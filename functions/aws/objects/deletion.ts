import { DeleteObjectCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Deletion } from '../../worker/actions/delete-object.ts';
import { s3Client } from '../clients.ts';
import { unquoted } from '../etags.ts';
import { headObject } from './heads.ts';
import { targetOf } from './target.ts';

const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

export const objectDeletion: Deletion = {
  async find(object, abortSignal) {
    try {
      const { ETag, ContentLength = 0, VersionId, isLocked } = await headObject(object, abortSignal);
      return {
        isMarker: false,
        etag: unquoted(ETag),
        bytes: ContentLength,
        ...(VersionId && { versionId: VersionId }),
        isLocked,
      };
    } catch (error) {
      if (statusOf(error) === METHOD_NOT_ALLOWED && object.versionId) return { isMarker: true };
      if (statusOf(error) !== NOT_FOUND) throw error;
      // The answer to HeadObject does not say whether the object or its bucket is missing.
      await s3Client().send(new HeadBucketCommand({ Bucket: object.bucket }), { abortSignal });
      return undefined;
    }
  },

  async remove(object, etag, abortSignal) {
    const command = new DeleteObjectCommand({ ...targetOf(object), ...(etag && { IfMatch: `"${etag}"` }) });
    await s3Client().send(command, { abortSignal });
  },
};
