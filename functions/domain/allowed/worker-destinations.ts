import type { Fault } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { ARGUMENTS_POINTER, workerArgumentsOf } from '../request/worker-arguments.ts';
import { isListedUrl } from './listed-urls.ts';
import { fitsOne, isInside } from './patterns.ts';

interface Lists {
  /** The stack's. Jobs never write to it. */
  bucket: string;
  workerArn: string;
  targetBuckets: readonly string[];
  kmsKeys: readonly string[];
  webhooks: readonly string[];
}

/**
 * The arguments of a worker job that name a target, key or address outside the lists. Without `targetBucket` the target
 * is the bucket of each object, which the worker checks.
 */
export function workerDestinationFaults(request: JobRequest, lists: Lists): Fault[] {
  const given = workerArgumentsOf(request, lists.workerArn) ?? {};
  const { targetBucket: bucket, targetPrefix: prefix, kmsKey, url } = given;
  const faults: Fault[] = [];
  const isListed = (name: string) =>
    name !== lists.bucket && isInside(lists.targetBuckets, { bucket: name, ...(prefix && { prefix }) });
  if (bucket !== undefined && !isListed(bucket))
    faults.push({
      pointer: `${ARGUMENTS_POINTER}/targetBucket`,
      detail: 'is not a bucket or prefix that this deployment lists',
      code: 'bucket',
    });
  if (kmsKey !== undefined && !fitsOne(lists.kmsKeys, kmsKey))
    faults.push({
      pointer: `${ARGUMENTS_POINTER}/kmsKey`,
      detail: 'is not a listed KMS key',
      code: 'kmsKey',
    });
  if (url !== undefined && !isListedUrl(lists.webhooks, url))
    faults.push({
      pointer: `${ARGUMENTS_POINTER}/url`,
      detail: 'is not an address that this deployment lists',
      code: 'url',
    });
  return faults;
}
