import { KnownError } from '../../core/errors.ts';
import type { JobRequest, Manifest } from '../../core/generated/job-request.mjs';
import type { Retry } from '../../core/generated/job-resource.mjs';
import type { RetryFailed } from '../../core/generated/retry-failed.mjs';
import { isMendable } from '../report/report-digest.ts';
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
 * The id of a retry: by the caller's key as for POST /jobs, or else by what is run again, so that the same call makes
 * one retry however often it is made. No caller can send a key with a NUL.
 */
export function retryIdOf(tenant: string, parent: Parent, key: string | undefined): string {
  return jobRequestIdOf(tenant, {
    key: key ?? ['\0retry', parent.jobRequestId, ...(parent.codes ?? [])].join('\0'),
  });
}

/** Whether a retry runs the task of a failed row again. */
export const isChosen = ({ errorCode, httpStatus }: ReportRow, { codes }: Parent): boolean =>
  codes === null ? isMendable(errorCode, httpStatus) : codes.includes(ALL) || codes.includes(errorCode);

/** In the stack's bucket. */
export const RETRIES_PREFIX = 'retries/';

/** Retries of one job request are kept together: so they can be found without a database. */
export const retryPrefixOf = (parentId: string): string => `${RETRIES_PREFIX}${parentId}/`;

/** One for each thing that was asked under the id: two that want different rows do not take each other's. */
export const retryKeyOf = (parentId: string, retryId: string, requestHash: string): string =>
  `${retryPrefixOf(parentId)}${retryId}-${requestHash.slice(0, 12)}.csv`;

export const locationOf = ({ bucket, key }: { bucket: string; key: string }) => ({
  ObjectArn: `arn:aws:s3:::${bucket}/${key}`,
});

/** The id of a retry by the key of its manifest; undefined for what is no such key. */
export const retryIdOfKey = (key: string): string | undefined =>
  /\/([0-9a-f]{12}-[0-9a-f]{32})-[0-9a-f]{12}\.csv$/.exec(key)?.[1];

/** What the caller of the parent would post to run it on another manifest. */
export function retryRequestOf(
  { createJob, watch }: AcceptedRequest,
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
    Watch: watch as NonNullable<JobRequest['Watch']>,
  };
}

/** Throws NotPossibleNow while a retry of the same goes on. */
export function checkNotUnderWay({ jobRequestId, codes }: Parent, retries: readonly Retry[]): void {
  const same = retries.find(
    (retry) => retry.isUnderWay && JSON.stringify(retry.codes) === JSON.stringify(codes),
  );
  if (same)
    throw new KnownError(
      'NotPossibleNow',
      `Job request ${jobRequestId} cannot be retried: ${same.jobRequestId} is doing that.`,
    );
}
