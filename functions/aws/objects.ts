import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { PlacedManifest } from '../domain/create-job-input.ts';
import type { FoundManifest } from '../domain/found-manifest.ts';
import { s3Client } from './clients.ts';
import { callAws } from './known-errors.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

const PRECONDITION_FAILED = 412;

const unquoted = (etag: string | undefined) => (etag ?? '').replaceAll('"', '');

/** The manifest with its ETag; one of the objects in the body is stored first. */
export async function placeManifest(found: FoundManifest, bucket: string): Promise<PlacedManifest> {
  const { manifest } = found;
  return { manifest, etag: 'csv' in found ? await storeManifest(bucket, found.key, found.csv) : found.etag };
}

/** Stores a manifest under a key that stands for its content, and returns its ETag; a second time it is left as it is. */
async function storeManifest(bucket: string, key: string, csv: string): Promise<string> {
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
