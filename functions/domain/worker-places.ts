import type { Fault } from '../core/errors.ts';
import type { JobRequest } from '../core/generated/job-request.mjs';
import { functionReferenceOf } from './arns.ts';
import { fitsOne, isInside } from './patterns.ts';
import { isListedUrl } from './web-places.ts';

interface Lists {
  workerArn: string;
  targetBuckets: readonly string[];
  kmsKeys: readonly string[];
  webhooks: readonly string[];
}

/** The arguments of a job for our own worker. */
function workerArguments({ Operation: { LambdaInvoke: invoke } }: JobRequest, workerArn: string) {
  const { FunctionArn: arn = workerArn, UserArguments: given = {} } = invoke ?? {};
  const isOurs = invoke && functionReferenceOf(arn)?.name === functionReferenceOf(workerArn)?.name;
  return isOurs ? given : {};
}

/**
 * What a job makes our worker write to or use outside of the lists. Without `targetBucket` it is the bucket of each
 * object, which the worker checks.
 */
export function workerPlaceFaults(request: JobRequest, lists: Lists): Fault[] {
  const given = workerArguments(request, lists.workerArn);
  const { targetBucket: bucket, targetPrefix: prefix, kmsKey, url } = given;
  const at = '/Operation/LambdaInvoke/UserArguments';
  const faults: Fault[] = [];
  if (bucket !== undefined && !isInside(lists.targetBuckets, { bucket, ...(prefix && { prefix }) }))
    faults.push({
      pointer: `${at}/targetBucket`,
      detail: 'is not a place that this deployment lists',
      code: 'bucket',
    });
  if (kmsKey !== undefined && !fitsOne(lists.kmsKeys, kmsKey))
    faults.push({ pointer: `${at}/kmsKey`, detail: 'is not a listed KMS key', code: 'kmsKey' });
  if (url !== undefined && !isListedUrl(lists.webhooks, url))
    faults.push({
      pointer: `${at}/url`,
      detail: 'is not an address that this deployment lists',
      code: 'url',
    });
  return faults;
}
