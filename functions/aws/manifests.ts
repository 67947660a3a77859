import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { JobRequest, Manifest } from '../core/generated/job-request.mjs';
import { objectOfArn } from '../domain/allowed/arns.ts';
import type { FoundManifest, StoredManifest } from '../domain/manifest/found-manifest.ts';
import { manifestOfObjects } from '../domain/manifest/manifest-rows.ts';
import type { PlacedManifest } from '../domain/request/create-job-input.ts';
import { s3Client } from './clients.ts';
import { callAws, statusOf } from './known-errors.ts';
import { unquoted } from './object-traits.ts';

/** The manifest of a request: what S3 has, or one made of the objects in the body for the given bucket. */
export async function findManifest(
  { Manifest, Objects }: JobRequest,
  bucket: string,
): Promise<FoundManifest | undefined> {
  if (Objects) return manifestOfObjects(Objects, bucket);
  return Manifest && findStored(Manifest);
}

/**
 * As S3 has it now: with its ETag, and the version where the bucket has versions. Throws ManifestNotReadable. A caller
 * who gives the ETag needs no look-up, so that one may fail.
 */
async function findStored(manifest: Manifest): Promise<StoredManifest> {
  const { ObjectArn, ObjectVersionId, ETag } = manifest.Location;
  const { bucket: Bucket, key: Key } = objectOfArn(ObjectArn);
  const command = new HeadObjectCommand({
    Bucket,
    Key,
    ...(ObjectVersionId && { VersionId: ObjectVersionId }),
  });
  try {
    const head = await callAws(() => s3Client().send(command));
    const versionId = ObjectVersionId ?? (head.VersionId === 'null' ? undefined : head.VersionId);
    return {
      manifest: {
        ...manifest,
        Location: { ...manifest.Location, ...(versionId && { ObjectVersionId: versionId }) },
      },
      etag: unquoted(ETag ?? head.ETag),
      seen: {
        etag: unquoted(head.ETag),
        size: head.ContentLength ?? 0,
        ...(head.ServerSideEncryption && { encryption: head.ServerSideEncryption }),
      },
    };
  } catch (error) {
    if (ETag !== undefined && isKnownError(error) && statusOf(error) !== 404)
      return { manifest, etag: unquoted(ETag), unseen: error.message };
    // HEAD has no body: all that S3 says is the status.
    if (isKnownError(error, 'RequestRefused', 'JobNotFound'))
      throw new KnownError('ManifestNotReadable', `S3 does not show ${ObjectArn}: ${error.message}`, {
        faults: [{ pointer: '/Manifest/Location/ObjectArn', detail: 'cannot be read', code: 'manifest' }],
        cause: error,
      });
    throw error;
  }
}

/**
 * The manifest with its ETag; one of the objects in the body is stored first. Its key stands for its content, so the
 * same objects are stored over themselves: what else somebody may have put there does not count, and its time to be
 * deleted starts anew.
 */
export async function placeManifest(found: FoundManifest, bucket: string): Promise<PlacedManifest> {
  const { manifest } = found;
  if (!('csv' in found)) return { manifest, etag: found.etag };
  const place = { Bucket: bucket, Key: found.key };
  const command = new PutObjectCommand({ ...place, Body: found.csv, ContentType: 'text/csv' });
  const { ETag } = await callAws(() => s3Client().send(command));
  return { manifest, etag: unquoted(ETag) };
}
