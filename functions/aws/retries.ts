import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { env } from '../core/env.ts';
import type { Retry } from '../core/generated/job-resource.mjs';
import { retryPrefixOf } from '../domain/allowed/stack-bucket.ts';
import { retryIdOfKey } from '../domain/retry/retry.ts';
import { s3Client } from './clients.ts';
import { findExecution } from './executions.ts';
import { callAws } from './known-errors.ts';
import { uploadStream } from './stream-upload.ts';

const MAX_RETRIES_SHOWN = 20;

/**
 * Stores a manifest in memory that does not grow with it, and returns its ETag; stores nothing if the manifest is empty.
 * The same text gives the same object with the same ETag.
 */
export async function storeLines(
  { bucket, key }: { bucket: string; key: string },
  text: AsyncIterable<string>,
): Promise<string | undefined> {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return undefined;
  async function* bytes() {
    try {
      for (let piece = first; !piece.done; piece = await pieces.next()) yield Buffer.from(piece.value);
    } finally {
      await pieces.return?.();
    }
  }
  const target = { Bucket: bucket, Key: key };
  const { etag } = await callAws(() =>
    uploadStream(bytes(), { target, members: { ContentType: 'text/csv' } }),
  );
  return etag;
}

/** The started retries of a job request, newest first, at most 20. */
export async function findRetries(jobRequestId: string, tenantHash: string): Promise<Retry[]> {
  const command = new ListObjectsV2Command({
    Bucket: env.stackBucket(),
    Prefix: retryPrefixOf(jobRequestId),
  });
  const { Contents = [] } = await callAws(() => s3Client().send(command));
  const ids = Contents.toSorted((a, b) => Number(b.LastModified) - Number(a.LastModified)).flatMap(
    ({ Key = '' }) => retryIdOfKey(Key) ?? [],
  );
  const newest = [...new Set(ids)].slice(0, MAX_RETRIES_SHOWN);
  const found = await Promise.all(newest.map((id) => findExecution(env.stateMachineArn(), id)));
  return found.flatMap((execution) => {
    // A manifest without an execution belongs to a retry that did not start. A key alone proves nothing.
    const parent = execution?.request.parent;
    if (!execution || parent?.jobRequestId !== jobRequestId) return [];
    if (execution.request.tenantHash !== tenantHash) return [];
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
