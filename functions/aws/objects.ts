import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

/** Reads objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export async function readObject(
  object: ObjectVersion,
  signal: AbortSignal,
): Promise<{ body: AsyncIterable<Uint8Array>; metadata: Record<string, string> }> {
  const command = new GetObjectCommand(targetOf(object));
  const { Body, Metadata = {} } = await s3Client().send(command, { abortSignal: signal });
  return { body: Body as Readable, metadata: Metadata };
}
