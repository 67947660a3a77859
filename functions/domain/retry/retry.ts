import { KnownError } from '../../core/errors.ts';
import type { JobRequest, Manifest } from '../../core/generated/job-request.mjs';
import type { Retry } from '../../core/generated/job-resource.mjs';
import type { RetryFailed } from '../../core/generated/retry-failed.mjs';
import { retryPrefixOf } from '../allowed/stack-bucket.ts';
import type { JobRequestNow } from '../job/job-resource.ts';
import { isRetryable } from '../report/report-digest.ts';
import type { ReportRow } from '../report/report-rows.ts';
import { type AcceptedRequest, callersDescription, type Parent } from '../request/create-job-input.ts';
import { jobRequestIdOf } from '../request/job-request-id.ts';
import { callersTags } from '../request/job-tags.ts';

const ALL = '*';

export const parentOf = (jobRequestId: string, { Codes }: RetryFailed): Parent => ({
  jobRequestId,
  codes: Codes ? [...new Set(Codes)].sort() : null,
});

/**
 * The id of a retry, made from the caller's key as for POST /jobs, or without a key from what is run again: so repeated
 * calls start one retry. A caller's key contains no NUL.
 */
export function retryIdOf(tenant: string, parent: Parent, key: string | undefined): string {
  return jobRequestIdOf(tenant, {
    key: key ?? ['\0retry', parent.jobRequestId, ...(parent.codes ?? [])].join('\0'),
  });
}

/** Whether a retry runs the task of a failed row again. */
export const isChosen = ({ errorCode, httpStatus }: ReportRow, { codes }: Parent): boolean =>
  codes === null ? isRetryable(errorCode, httpStatus) : codes.includes(ALL) || codes.includes(errorCode);

/** The key depends on the request too, so that two requests with one id but different rows do not share a manifest. */
export const retryKeyOf = (parentId: string, retryId: string, requestHash: string): string =>
  `${retryPrefixOf(parentId)}${retryId}-${requestHash.slice(0, 12)}.csv`;

export const manifestLocationOf = ({ bucket, key }: { bucket: string; key: string }) => ({
  ObjectArn: `arn:aws:s3:::${bucket}/${key}`,
});

/** The id of a retry from the key of its manifest; undefined for any other key. */
export const retryIdOfKey = (key: string): string | undefined =>
  /\/([0-9a-f]{20}-[0-9a-f]{32})-[0-9a-f]{12}\.csv$/.exec(key)?.[1];

/** The request that runs the parent again on another manifest. */
export function retryRequestOf(
  { createJob, watch, limits }: AcceptedRequest,
  { Priority, ConfirmationRequired, Description }: RetryFailed,
  manifest: Manifest,
): JobRequest {
  const description = Description ?? callersDescription(createJob.Description);
  return {
    Operation: createJob.Operation,
    Report: createJob.Report,
    RoleArn: createJob.RoleArn,
    Priority: Priority ?? createJob.Priority,
    ConfirmationRequired: ConfirmationRequired ?? createJob.ConfirmationRequired,
    ...(description && { Description: description }),
    Tags: callersTags(createJob.Tags),
    Manifest: manifest,
    ...(limits && { Limits: limits }),
    Watch: watch as NonNullable<JobRequest['Watch']>,
  };
}

/** Throws NotPossibleNow while another retry of the same codes runs. */
export function checkNotUnderWay(
  { jobRequestId, codes }: Parent,
  retryId: string,
  retries: readonly Retry[],
): void {
  const same = retries.find(
    (retry) =>
      retry.isUnderWay &&
      retry.jobRequestId !== retryId &&
      JSON.stringify(retry.codes) === JSON.stringify(codes),
  );
  if (same)
    throw new KnownError(
      'NotPossibleNow',
      `Job request ${jobRequestId} is being retried by ${same.jobRequestId}.`,
    );
}

/** Throws NotPossibleNow for a retry that has ended: to run it again, the caller must say which one. */
export function checkNotEnded({ request, executionStatus, record }: JobRequestNow): void {
  const { jobRequestId, parent } = request;
  if (executionStatus === 'RUNNING') return;
  throw new KnownError(
    'NotPossibleNow',
    `Job request ${parent?.jobRequestId} was retried by ${jobRequestId}, which has ended${record ? ` as ${record.outcome}` : ''}. Retry ${jobRequestId}, or send a new Idempotency-Key to retry the same tasks again.`,
  );
}
