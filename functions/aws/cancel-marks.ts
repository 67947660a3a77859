import { PutObjectCommand } from '@aws-sdk/client-s3';
import { env } from '../core/env.ts';
import { isKnownError } from '../core/errors.ts';
import { cancelMarkKeyOf } from '../domain/allowed/stack-bucket.ts';
import { s3Client } from './clients.ts';
import { wholeText } from './download.ts';
import { callAws, statusOf } from './known-errors.ts';

const READ_MS = 10_000;

const markOf = (id: string) => ({ Bucket: env.stackBucket(), Key: cancelMarkKeyOf(id) });

/** Marks a request as cancelled while S3 has no job that could be cancelled. create-job and describe-job read the mark. */
export async function markCancelled(id: string, reason: string): Promise<void> {
  await callAws(() => s3Client().send(new PutObjectCommand({ ...markOf(id), Body: reason })));
}

/** The reason in the mark; undefined if the request is not marked. */
export async function readCancelMark(id: string): Promise<string | undefined> {
  try {
    return await wholeText(markOf(id), AbortSignal.timeout(READ_MS));
  } catch (error) {
    if (isKnownError(error, 'RequestRefused') && statusOf(error) === 404) return undefined;
    throw error;
  }
}
