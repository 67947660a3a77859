import { HeadBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import type { JobRequest, Manifest } from '../core/generated/job-request.mjs';
import { objectOfArn } from '../domain/allowed/arns.ts';
import { createFirstRows } from '../domain/manifest/first-rows.ts';
import type { FoundManifest, StoredManifest } from '../domain/manifest/found-manifest.ts';
import { type InlineManifest, inlineManifest, manifestOfObjects } from '../domain/manifest/manifest-rows.ts';
import type { ManifestWithEtag } from '../domain/request/create-job-input.ts';
import { s3Client } from './clients.ts';
import { download } from './download.ts';
import { unquoted } from './etags.ts';
import { manifestTargetOf } from './inspect-manifest.ts';
import { callAws, statusOf } from './known-errors.ts';

/** The manifest of a request: the object in S3, or a new one from `Objects`. */
export async function findManifest(
  { Manifest, Objects }: JobRequest,
  stack: { bucket: string; tenantMark: string },
): Promise<FoundManifest | undefined> {
  if (Objects) return manifestOfObjects(Objects, stack);
  return Manifest && findStored(Manifest);
}

/**
 * The manifest with its present ETag, and its version if the bucket is versioned. Throws ManifestNotReadable. If the
 * caller sends the ETag, only a missing object is an error.
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
      facts: {
        etag: unquoted(head.ETag),
        size: head.ContentLength ?? 0,
        ...(head.ServerSideEncryption && { encryption: head.ServerSideEncryption }),
      },
    };
  } catch (error) {
    if (ETag !== undefined && isKnownError(error) && statusOf(error) !== 404)
      return { manifest, etag: unquoted(ETag), whyUnreadable: error.message };
    if (!isKnownError(error, 'RequestRefused', 'JobNotFound')) throw error;
    const isMissing = statusOf(error) === 404;
    const detail = isMissing ? 'does not exist' : 'cannot be read';
    throw new KnownError(
      'ManifestNotReadable',
      isMissing
        ? await missingText({ bucket: Bucket, key: Key, versionId: ObjectVersionId })
        : `S3 refused to read ${ObjectArn}: ${error.message}`,
      { faults: [{ pointer: '/Manifest/Location/ObjectArn', detail, code: 'manifest' }], cause: error },
    );
  }
}

/** Names what is missing. The answer to HeadObject does not say whether it is the object or its bucket. */
async function missingText(object: { bucket: string; key: string; versionId?: string | undefined }) {
  const { bucket, key, versionId } = object;
  const hasBucket = await callAws(() => s3Client().send(new HeadBucketCommand({ Bucket: bucket }))).then(
    () => true,
    (error) => statusOf(error) !== 404,
  );
  if (!hasBucket) return `There is no bucket ${bucket}, so the manifest ${key} cannot be read.`;
  const version = versionId === undefined ? '' : ` with the version id ${versionId}`;
  return `There is no object ${key}${version} in the bucket ${bucket}.`;
}

/**
 * The first rows of a CSV manifest as a manifest of their own; undefined if it has no more rows. Of an object, only its
 * beginning is read. Throws InvalidRequest, ManifestNotReadable.
 */
export async function cutManifest(
  found: StoredManifest | InlineManifest,
  count: number,
  stack: { bucket: string; tenantMark: string },
): Promise<InlineManifest | undefined> {
  const isInline = 'csv' in found;
  const pointer = isInline ? found.pointer : '/Manifest/Location/ObjectArn';
  const first = createFirstRows(count);
  try {
    const chunks = isInline ? [Buffer.from(found.csv)] : download(manifestTargetOf(found));
    for await (const chunk of chunks) if (!first.read(chunk)) break;
    const csv = first.end();
    return csv && inlineManifest(csv, found.manifest.Spec, pointer, stack);
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused') && !(error instanceof SyntaxError)) throw error;
    throw new KnownError('ManifestNotReadable', error.message, {
      faults: [{ pointer, detail: 'cannot be read', code: 'manifest' }],
      cause: error,
    });
  }
}

/**
 * The manifest with its ETag; a manifest from `Objects` is stored first. Its key is a hash of its content. The PUT
 * replaces whatever is stored there, and restarts the expiry.
 */
export async function storeManifest(found: FoundManifest, bucket: string): Promise<ManifestWithEtag> {
  const { manifest } = found;
  if (!('csv' in found)) return { manifest, etag: found.etag };
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: found.key,
    Body: found.csv,
    ContentType: 'text/csv',
  });
  const { ETag } = await callAws(() => s3Client().send(command));
  return { manifest, etag: unquoted(ETag) };
}
