import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { env } from '../core/env.ts';
import type { Retry } from '../core/generated/job-resource.mjs';
import { isOfSameTenant } from '../domain/request/job-request-id.ts';
import { retryIdOfKey, retryPrefixOf } from '../domain/retry/retry.ts';
import { s3Client } from './clients.ts';
import { findExecution } from './executions.ts';
import { callAws } from './known-errors.ts';
import { unquoted } from './object-traits.ts';

/** S3 accepts 10,000 parts of at least 5 MiB. One part is held in memory. */
const PART_BYTES = 8 * 1024 * 1024;
const MAX_RETRIES_SHOWN = 20;
/** The SDK sends this checksum with each part; CreateMultipartUpload must name the same one. */
const ChecksumAlgorithm = 'CRC32';

/** Cuts text into parts. The same pieces always make the same parts. */
async function* partsOf(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const piece of text) {
    pending.push(Buffer.from(piece));
    bytes += pending.at(-1)?.length ?? 0;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pending);
}

async function uploadParts(
  target: { Bucket: string; Key: string },
  first: Buffer,
  others: AsyncIterable<Buffer>,
): Promise<string> {
  const create = new CreateMultipartUploadCommand({ ...target, ContentType: 'text/csv', ChecksumAlgorithm });
  const { UploadId } = await callAws(() => s3Client().send(create));
  const upload = { ...target, UploadId };
  const Parts: CompletedPart[] = [];
  const send = async (Body: Buffer) => {
    const PartNumber = Parts.length + 1;
    const command = new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm });
    const { ETag, ChecksumCRC32 } = await callAws(() => s3Client().send(command));
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  };
  try {
    await send(first);
    for await (const part of others) await send(part);
    const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    return unquoted((await callAws(() => s3Client().send(complete))).ETag);
  } catch (error) {
    // If the abort fails, the lifecycle rule of the bucket removes the upload.
    await s3Client()
      .send(new AbortMultipartUploadCommand(upload))
      .catch(() => {});
    throw error;
  }
}

/**
 * Stores a manifest while its text is produced, in constant memory, and returns its ETag; undefined and no object for
 * an empty text. The same text makes the same object with the same ETag.
 */
export async function storeLines(
  { bucket, key }: { bucket: string; key: string },
  text: AsyncIterable<string>,
): Promise<string | undefined> {
  const target = { Bucket: bucket, Key: key };
  const parts = partsOf(text);
  const first = await parts.next();
  if (first.done) return undefined;
  const second = await parts.next();
  if (second.done) {
    const command = new PutObjectCommand({ ...target, Body: first.value, ContentType: 'text/csv' });
    return unquoted((await callAws(() => s3Client().send(command))).ETag);
  }
  async function* others() {
    yield second.value as Buffer;
    yield* parts;
  }
  return uploadParts(target, first.value, others());
}

/** The started retries of a job request, newest first, at most 20. */
export async function findRetries(jobRequestId: string): Promise<Retry[]> {
  const command = new ListObjectsV2Command({
    Bucket: env.stackBucket(),
    Prefix: retryPrefixOf(jobRequestId),
  });
  const { Contents = [] } = await callAws(() => s3Client().send(command));
  const ids = Contents.toSorted((a, b) => Number(b.LastModified) - Number(a.LastModified))
    .flatMap(({ Key = '' }) => retryIdOfKey(Key) ?? [])
    .filter((id) => isOfSameTenant(id, jobRequestId));
  const newest = [...new Set(ids)].slice(0, MAX_RETRIES_SHOWN);
  const found = await Promise.all(newest.map((id) => findExecution(env.stateMachineArn(), id)));
  return found.flatMap((execution) => {
    // A manifest without an execution belongs to a retry that did not start. A key alone proves nothing.
    const parent = execution?.request.parent;
    if (!execution || parent?.jobRequestId !== jobRequestId) return [];
    const { request, record, status } = execution;
    return [
      {
        jobRequestId: request.jobRequestId,
        codes: parent.codes,
        outcome: record?.outcome ?? null,
        isUnderWay: status === 'RUNNING',
      },
    ];
  });
}
