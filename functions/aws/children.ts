import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { env } from '../core/env.ts';
import type { Child } from '../core/generated/job-resource.mjs';
import { childPrefixOf } from '../domain/allowed/stack-bucket.ts';
import { childIdOfKey } from '../domain/rows/rows-of.ts';
import { s3Client } from './clients.ts';
import { findExecution } from './executions.ts';
import { callAws } from './known-errors.ts';

const MAX_CHILDREN_SHOWN = 20;

/** The started children of a job request, newest first, at most 20. */
export async function findChildren(jobRequestId: string, tenantHash: string): Promise<Child[]> {
  const command = new ListObjectsV2Command({
    Bucket: env.stackBucket(),
    Prefix: childPrefixOf(jobRequestId),
  });
  const { Contents = [] } = await callAws(() => s3Client().send(command));
  const ids = Contents.toSorted((a, b) => Number(b.LastModified) - Number(a.LastModified)).flatMap(
    ({ Key = '' }) => childIdOfKey(Key) ?? [],
  );
  const newest = [...new Set(ids)].slice(0, MAX_CHILDREN_SHOWN);
  const found = await Promise.all(newest.map((id) => findExecution(env.stateMachineArn(), id)));
  return found.flatMap((execution) => {
    // A manifest without an execution belongs to a child that did not start. A key alone proves nothing.
    const parent = execution?.request.parent;
    if (!execution || parent?.jobRequestId !== jobRequestId) return [];
    if (execution.request.tenantHash !== tenantHash) return [];
    const { request, record, status } = execution;
    return [
      {
        ...parent,
        jobRequestId: request.jobRequestId,
        outcome: record?.outcome ?? null,
        isUnderWay: status === 'RUNNING',
      },
    ];
  });
}
