import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import { s3Client } from './clients.ts';
import { callAws } from './known-errors.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

const PRECONDITION_FAILED = 412;

const unquoted = (etag: string | undefined) => (etag ?? '').replaceAll('"', '');

/** The ETag, without quotes, of an object given by its ARN. Throws ManifestNotReadable. */
export async function findEtag(objectArn: string, versionId?: string): Promise<string> {
  const [, Bucket, Key] = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/.exec(objectArn) ?? [];
  const command = new HeadObjectCommand({ Bucket, Key, ...(versionId && { VersionId: versionId }) });
  try {
    return unquoted((await callAws(() => s3Client().send(command))).ETag);
  } catch (error) {
    // HEAD has no body: all that S3 says is the status.
    if (isKnownError(error, 'RequestRefused', 'JobNotFound'))
      throw new KnownError('ManifestNotReadable', `S3 does not show ${objectArn}: ${error.message}`, {
        faults: [{ pointer: '/Manifest/Location/ObjectArn', detail: 'cannot be read', code: 'manifest' }],
        cause: error,
      });
    throw error;
  }
}

/** Stores a manifest under a key that stands for its content, and returns its ETag; a second time it is left as it is. */
export async function storeManifest(bucket: string, key: string, csv: string): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: csv,
    ContentType: 'text/csv',
    IfNoneMatch: '*',
  });
  return callAws(async () => {
    try {
      return unquoted((await s3Client().send(command)).ETag);
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      if ($metadata?.httpStatusCode !== PRECONDITION_FAILED) throw error;
      return unquoted((await s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ETag);
    }
  });
}

/** Reads objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export async function readObject(
  object: ObjectVersion,
  signal: AbortSignal,
): Promise<{ body: AsyncIterable<Uint8Array>; metadata: Record<string, string> }> {
  const command = new GetObjectCommand(targetOf(object));
  const { Body, Metadata = {} } = await s3Client().send(command, { abortSignal: signal });
  return { body: Body as Readable, metadata: Metadata };
}
